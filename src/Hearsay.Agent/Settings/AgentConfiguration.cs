using System.Collections;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hearsay.Addresses;
using Hearsay.Agent.Calls;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Settings;

/// <summary>
/// Puts the options of an agent together: the command line is stronger than the environment, and that than the file.
/// Every mistake is collected, with the place where it was made.
/// </summary>
internal sealed partial class AgentConfiguration
{
    /// <summary>Variables of the environment that are options: HEARSAY_VIEW_SIZE is <c>--view-size</c>.</summary>
    public const string Prefix = "HEARSAY_";

    /// <summary>The longest file that is read.</summary>
    private const int MaximumFileBytes = 1 << 20;

    /// <summary>How many unknown keys a message names.</summary>
    private const int MostNamed = 5;

    /// <summary>How many mistakes are told one by one.</summary>
    private const int MostErrors = 20;

    /// <summary>How much of a text a message repeats.</summary>
    private const int LongestQuote = 60;

    private readonly Dictionary<string, string?> _values = [];
    private readonly Dictionary<string, string?> _httpValues = [];
    private readonly Dictionary<string, string?> _agentValues = [];
    private readonly Dictionary<string, string> _origins = [];
    private readonly List<string> _errors = [];
    private readonly List<string> _warnings = [];
    private int _untold;

    /// <summary>
    /// What was wrong; empty if nothing was. Of very many mistakes the first ones, and how many more.
    /// </summary>
    public IReadOnlyList<string> Errors => _untold == 0 ? _errors : [.. _errors, $"and {_untold:N0} more mistakes."];

    private bool IsInsecure =>
        bool.TryParse(_agentValues.GetValueOrDefault(AgentSetting.InsecureKey), out var said) && said;

    /// <summary>
    /// Why the node must not start as it is: others than this machine can reach it, nothing protects it, and nobody has
    /// said that this is meant. Null if it may.
    /// </summary>
    public string? Exposure =>
        !IsInsecure && !_values.ContainsKey("Keyring") && !_values.ContainsKey("Identity")
        && _values.GetValueOrDefault("Bind") is { } bind
        && HostPort.TryParse(bind, GossipNodeOptions.DefaultPort, out var parsed)
        && parsed.Address is { } address && !IPAddress.IsLoopback(address)
            ? $"{_origins["Bind"]} {bind}: others than this machine can reach that, so the node needs --keyring FILE "
                + "('hearsay keys generate' makes one) or --identity FILE; or --insecure where you trust every host of "
                + "the network."
            : null;

    /// <summary>The values for the configuration binder.</summary>
    public IReadOnlyDictionary<string, string?> Values => _values;

    /// <summary>The values of the options of the process.</summary>
    public IReadOnlyDictionary<string, string?> AgentValues => _agentValues;

    /// <summary>The values of the options of the HTTP service.</summary>
    public IReadOnlyDictionary<string, string?> HttpValues => _httpValues;

    /// <summary>Adds the options of a JSON file: one object, its keys the options' names.</summary>
    public void AddFile(string path)
    {
        try
        {
            var options = new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
            };
            using var json = JsonDocument.Parse(ReadFile(path), options);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                Tell($"--config: '{path}' must hold one JSON object.");
                return;
            }

            var unknown = new List<string>();
            foreach (var property in json.RootElement.EnumerateObject())
            {
                AddProperty(path, property, unknown);
            }

            TellUnknown(path, unknown);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Tell($"--config: '{path}' cannot be read: {error.Message}");
        }
        catch (JsonException error)
        {
            Tell($"--config: '{path}' is not JSON: {error.Message}");
        }
        catch (InvalidOperationException)
        {
            // That is how the reader says it.
            Tell($"--config: '{path}' holds text that is not Unicode: it has a lone surrogate.");
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

    /// <summary>What an option says, its values in a line each; null if it is not given.</summary>
    public string? TextOf(AgentSetting setting)
    {
        var all = setting.IsOfHttp ? _httpValues : setting.IsOfAgent ? _agentValues : _values;
        var values = all.Where(pair => pair.Key == setting.Key
            || (setting.Kind == AgentSettingKind.List
                && pair.Key.StartsWith(setting.Key + ':', StringComparison.Ordinal)))
            .OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => pair.Value).ToList();
        return values.Count == 0 ? null : string.Join('\n', values);
    }

    /// <summary>A message of the validation with the name of the option as the user wrote it.</summary>
    public string Explain(string message)
    {
        var space = message.IndexOf(' ', StringComparison.Ordinal);
        var setting = space > 0
            ? AgentSetting.All.FirstOrDefault(known => known.MessageName == message[..space]) : null;
        return setting is null
            ? message
            : $"{_origins.GetValueOrDefault(setting.Key, "--" + setting.Name)}: {message}";
    }

    /// <summary>
    /// Whether a variable with the prefix is nobody's mistake: it is another command's (HEARSAY_SHARDS), or Kubernetes
    /// sets it because of a service whose name begins with "hearsay" (HEARSAY_SERVICE_HOST, HEARSAY_PORT_7946_UDP).
    /// </summary>
    private static bool IsOfOthers(string variable) =>
        variable is "HEARSAY_SHARDS" or AgentOptions.Variable or AgentOptions.TokenVariable
            || OfService().IsMatch(variable);

    [GeneratedRegex(@"_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP)(_\w+)?)?)$")]
    private static partial Regex OfService();

    private static string? Nearest(string variable) => Suggestion.Nearest(
        variable, AgentSetting.All.Select(static setting =>
            Prefix + setting.Name.Replace('-', '_').ToUpperInvariant()));

    private void Tell(string error)
    {
        if (_errors.Count < MostErrors)
        {
            _errors.Add(error);
        }
        else
        {
            _untold++;
        }
    }

    /// <summary>A file has some hundred bytes of options; of what is no file of that kind not all is read.</summary>
    private static string ReadFile(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[MaximumFileBytes + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > MaximumFileBytes)
        {
            throw new IOException($"it is longer than {MaximumFileBytes:N0} bytes.");
        }

        using var text = new StreamReader(new MemoryStream(bytes, 0, length));
        return text.ReadToEnd();
    }

    /// <summary>One line, however many there are.</summary>
    private void TellUnknown(string path, List<string> unknown)
    {
        if (unknown.Count == 0)
        {
            return;
        }

        var named = string.Join(", ", unknown.Take(MostNamed).Select(static name => $"'{Short(name)}'"));
        var more = unknown.Count > MostNamed ? $" and {unknown.Count - MostNamed:N0} more" : string.Empty;
        var verb = unknown.Count == 1 ? "is not an option" : "are not options";
        var known = string.Join(", ", AgentSetting.All.Select(static setting => setting.Name));
        Tell($"{named}{more} in '{path}' {verb}. Options: {known}.");
    }

    private static string Short(string text) =>
        text.Length <= LongestQuote ? text : $"{text[..LongestQuote]}... ({text.Length:N0} characters)";

    private void AddProperty(string path, JsonProperty property, List<string> unknown)
    {
        if (AgentSetting.Find(property.Name) is not { } setting)
        {
            unknown.Add(property.Name);
            return;
        }

        var isArray = property.Value.ValueKind == JsonValueKind.Array;
        JsonElement[] elements = isArray ? [.. property.Value.EnumerateArray()] : [property.Value];
        var isList = setting.Kind == AgentSettingKind.List;
        if ((isArray && !isList) || elements.Any(element => element.ValueKind
            is JsonValueKind.Array or JsonValueKind.Object or JsonValueKind.Null))
        {
            Tell($"'{property.Name}' in '{path}' must be one {(isList ? "text or a list of texts" : "value")}.");
            return;
        }

        Add(setting, $"'{property.Name}' in '{path}'", [.. elements.Select(element => element.ToString())]);
    }

    private void Add(AgentSetting setting, string origin, IReadOnlyList<string> values)
    {
        var isList = setting.Kind == AgentSettingKind.List;
        var all = setting.IsOfHttp ? _httpValues : setting.IsOfAgent ? _agentValues : _values;
        foreach (var key in all.Keys.Where(
            key => key == setting.Key || (isList && key.StartsWith(setting.Key + ':', StringComparison.Ordinal)))
            .ToArray())
        {
            all.Remove(key);
        }

        _origins[setting.Key] = origin;
        for (var i = 0; i < values.Count; i++)
        {
            var value = setting.Normalize(values[i], out var error);
            if (error is not null)
            {
                var isLong = values[i].Length > LongestQuote;
                var told = isLong ? error.Replace(values[i], Short(values[i]), StringComparison.Ordinal) : error;
                Tell($"{origin} {told}");
            }

            var key = setting.Kind == AgentSettingKind.List ? $"{setting.Key}:{i}" : setting.Key;
            all[key] = value;
        }
    }
}
