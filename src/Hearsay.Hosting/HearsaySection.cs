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
        var errors = UnknownKeys(section);
        if (section.GetSection(nameof(HearsayOptions.Seeds)).Value is not (null or ""))
        {
            errors.Add("Seeds must be a list, each HOST[:PORT], not one text.");
        }

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
    }

    private static List<string> UnknownKeys(IConfiguration section)
    {
        string[] unknown = [.. section.GetChildren().Select(static child => child.Path)
            .Where(static path => !s_known.Contains(
                ConfigurationPath.GetSectionKey(path), StringComparer.OrdinalIgnoreCase))];
        if (unknown.Length == 0)
        {
            return [];
        }

        var named = string.Join(", ", unknown.Take(MostNamed).Select(static path => $"'{path}'"));
        var more = unknown.Length > MostNamed ? $" and {unknown.Length - MostNamed} more" : string.Empty;
        var verb = unknown.Length == 1 ? "is not an option" : "are not options";
        return [$"{named}{more} {verb}. Options: {string.Join(", ", s_known)}."];
    }
}
