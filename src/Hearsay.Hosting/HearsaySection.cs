using Microsoft.Extensions.Configuration;

namespace Hearsay.Hosting;

/// <summary>
/// A section of the configuration that holds a node's options. What it says has to be right: with a misspelt key a node
/// would run with a default that nobody meant.
/// </summary>
internal static class HearsaySection
{
    /// <summary>How many unknown keys a message names. A file may have thousands.</summary>
    private const int MostNamed = 5;

    private static readonly string[] s_known =
    [
        .. typeof(HearsayOptions).GetProperties().Select(static property => property.Name)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads a section into options.</summary>
    /// <param name="section">The section.</param>
    /// <param name="options">What it changes.</param>
    /// <param name="name">The name of the options; empty for the first node.</param>
    /// <exception cref="HearsayOptionsException">A key is unknown, or a value cannot be read.</exception>
    public static void BindTo(IConfiguration section, HearsayOptions options, string name)
    {
        var errors = UnknownKeys(section, s_known);
        if (section.GetSection(nameof(HearsayOptions.Seeds)).Value is not (null or ""))
        {
            errors.Add("Seeds must be a list of HOST[:PORT], not a single text.");
        }

        // Before the binder makes a record of defaults for a section that it cannot read.
        var sections = OptionsSection.All.Select(one => one.Read(section, options, errors)).ToArray();
        if (errors.Count > 0)
        {
            throw new HearsayOptionsException(name, errors);
        }

        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException wrong)
        {
            throw new HearsayOptionsException(name, [wrong.InnerException is { } cause
                ? $"{wrong.Message.TrimEnd('.')}: {cause.Message}" : wrong.Message]);
        }

        Array.ForEach(sections, static take => take());
    }

    /// <summary>One message for all keys of a section that are not known, or none.</summary>
    public static List<string> UnknownKeys(IConfiguration section, IEnumerable<string> known)
    {
        string[] unknown = [.. section.GetChildren().Select(static child => child.Path)
            .Where(path => !known.Contains(
                ConfigurationPath.GetSectionKey(path), StringComparer.OrdinalIgnoreCase))];
        if (unknown.Length == 0)
        {
            return [];
        }

        var named = string.Join(", ", unknown.Take(MostNamed).Select(static path => $"'{path}'"));
        var more = unknown.Length > MostNamed ? $" and {unknown.Length - MostNamed} more" : string.Empty;
        var verb = unknown.Length == 1 ? "is not an option" : "are not options";
        return [$"{named}{more} {verb}. Options: {string.Join(", ", known)}."];
    }
}
