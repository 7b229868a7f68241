using System.Collections;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hearsay.Cli.Agent;

/// <summary>
/// Puts the options of an agent together: the command line is stronger than the environment, and that than the file.
/// Every mistake is collected, with the place where it was made.
/// </summary>
internal sealed partial class AgentConfiguration
{
    /// <summary>Variables of the environment that are options: HEARSAY_VIEW_SIZE is <c>--view-size</c>.</summary>
    public const string Prefix = "HEARSAY_";

    private readonly Dictionary<string, string?> _values = [];
    private readonly Dictionary<string, string> _origins = [];
    private readonly List<string> _errors = [];
    private readonly List<string> _warnings = [];


    /// <summary>What was wrong; empty if nothing was.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>The values for the configuration binder.</summary>
    public IReadOnlyDictionary<string, string?> Values => _values;

    /// <summary>Adds the options of a JSON file: one object, its keys the options' names.</summary>
    public void AddFile(string path)
    {
        try
        {
            var options = new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
            };
            using var json = JsonDocument.Parse(File.ReadAllText(path), options);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                _errors.Add($"--config: '{path}' must hold one JSON object.");
                return;
            }

            foreach (var property in json.RootElement.EnumerateObject())
            {
                AddProperty(path, property);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            _errors.Add($"--config: '{path}' cannot be read: {error.Message}");
        }
        catch (JsonException error)
        {
            _errors.Add($"--config: '{path}' is not JSON: {error.Message}");
        }
    }

    /// <summary>What is likely to be a mistake; the agent starts all the same.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>
    /// Adds the options of the environment. A variable with the prefix that is no option is warned about: it may be
    /// misspelt, or belong to something else.
    /// </summary>
    public void AddEnvironment(IDictionary variables)
    {
        foreach (DictionaryEntry variable in variables)
        {
            var name = (string)variable.Key;
            var value = (string?)variable.Value;
            if (!name.StartsWith(Prefix, StringComparison.Ordinal) || IsOfOthers(name)
                || string.IsNullOrEmpty(value))
            {
                continue;
            }

            if (AgentSetting.Find(name[Prefix.Length..]) is not { } setting)
            {
                _warnings.Add($"the environment variable {name} is not an option and is ignored."
                    + (Nearest(name) is { } meant ? $" Did you mean {meant}?" : string.Empty));
            }
            else
            {
                var isList = setting.Kind == AgentSettingKind.List;
                Add(setting, name, isList ? value.Split(',', StringSplitOptions.TrimEntries) : [value]);
            }
        }
    }

    /// <summary>Adds what the command line says of an option; replaces what was said before.</summary>
    public void AddOption(AgentSetting setting, IReadOnlyList<string> values) =>
        Add(setting, "--" + setting.Name, values);

    /// <summary>A message of the validation with the name of the option as the user wrote it.</summary>
    public string Explain(string message)
    {
        var space = message.IndexOf(' ', StringComparison.Ordinal);
        var setting = space > 0 ? AgentSetting.All.FirstOrDefault(known => known.Key == message[..space]) : null;
        return setting is null
            ? message
            : $"{_origins.GetValueOrDefault(setting.Key, "--" + setting.Name)}: {message}";
    }

    /// <summary>
    /// Whether a variable with the prefix is nobody's mistake: it is another command's (HEARSAY_SHARDS), or Kubernetes
    /// sets it because of a service whose name begins with "hearsay" (HEARSAY_SERVICE_HOST, HEARSAY_PORT_7946_UDP).
    /// </summary>
    private static bool IsOfOthers(string variable) => variable == "HEARSAY_SHARDS" || OfService().IsMatch(variable);

    [GeneratedRegex(@"_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP)(_\w+)?)?)$")]
    private static partial Regex OfService();

    private static string? Nearest(string variable) => Suggestion.Nearest(
        variable, AgentSetting.All.Select(static setting =>
            Prefix + setting.Name.Replace('-', '_').ToUpperInvariant()));

    private void AddProperty(string path, JsonProperty property)
    {
        if (AgentSetting.Find(property.Name) is not { } setting)
        {
            var known = string.Join(", ", AgentSetting.All.Select(known => known.Name));
            _errors.Add($"'{property.Name}' in '{path}' is not an option. Options: {known}.");
            return;
        }

        var isArray = property.Value.ValueKind == JsonValueKind.Array;
        JsonElement[] elements = isArray ? [.. property.Value.EnumerateArray()] : [property.Value];
        var isList = setting.Kind == AgentSettingKind.List;
        if ((isArray && !isList) || elements.Any(element => element.ValueKind
            is JsonValueKind.Array or JsonValueKind.Object or JsonValueKind.Null))
        {
            _errors.Add($"'{property.Name}' in '{path}' must be one {(isList ? "text or a list of texts" : "value")}.");
            return;
        }

        Add(setting, $"'{property.Name}' in '{path}'", [.. elements.Select(element => element.ToString())]);
    }

    private void Add(AgentSetting setting, string origin, IReadOnlyList<string> values)
    {
        foreach (var key in _values.Keys.Where(key => key.Split(':')[0] == setting.Key).ToArray())
        {
            _values.Remove(key);
        }

        _origins[setting.Key] = origin;
        for (var i = 0; i < values.Count; i++)
        {
            var value = setting.Normalize(values[i], out var error);
            if (error is not null)
            {
                _errors.Add($"{origin} {error}");
            }

            _values[setting.Kind == AgentSettingKind.List ? $"{setting.Key}:{i}" : setting.Key] = value;
        }
    }
}
