using System.Globalization;
using System.Text.RegularExpressions;

namespace Hearsay.Cli.Tests.Learn;

/// <summary>The chapters of docs/learn, and what they say to type.</summary>
internal static partial class Chapters
{
    /// <summary>The folder of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All chapters: the names of their files without the extension, and their texts.</summary>
    public static List<(string Name, string Text)> All { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Root, "docs", "learn"), "*.md")
            .Select(static file => (Path.GetFileNameWithoutExtension(file), File.ReadAllText(file)))];

    /// <summary>The lines of the blocks of commands of a chapter.</summary>
    public static IEnumerable<string> Lines(string text) =>
        Blocks().Matches(text).SelectMany(static block => block.Groups[1].Value.Split('\n'));

    /// <summary>Whether a line is a command that ends by itself and needs no other terminal.</summary>
    public static bool Ends(string line) => Ending().IsMatch(line);

    /// <summary>How long a line says that its command takes; 0 where it does not say so.</summary>
    public static int SecondsOf(string line) => Times().Match(line) is { Success: true } time
        ? (int)Math.Ceiling(double.Parse(time.Groups[1].Value, CultureInfo.InvariantCulture)
            * (time.Groups[2].Value == "min" ? 60 : 1))
        : 0;

    /// <summary>
    /// Commands that do not say how long they take: lines of blocks without a time, and commands in the text with no
    /// time behind them in their paragraph. A command may end at once, or run until it is stopped, if it says so.
    /// </summary>
    public static IEnumerable<string> Timeless(string text) =>
    [
        .. Lines(text).Where(static line => line.Trim().Length > 0 && !Timed().IsMatch(line)),
        .. Block().Replace(text, "\n\n").Split("\n\n").SelectMany(static paragraph => Inline().Matches(paragraph)
            .Where(typed => !Time().IsMatch(paragraph[(typed.Index + typed.Length)..]))
            .Select(static typed => typed.Value)),
    ];

    /// <summary>A command without what stands behind it, each space once.</summary>
    public static string CommandOf(string line) => string.Join(' ', line.Split('#')[0].Split(
        ' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The words of a command as a shell would pass them on.</summary>
    public static List<string> WordsOf(string command) => [.. Words().Matches(command)
        .Select(static word => word.Groups[1].Success ? word.Groups[1].Value : word.Value)];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Hearsay.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    public static partial Regex Blocks();

    [GeneratedRegex("^hearsay (lab (run|list|fuzz)|up|play replay) ?.*")]
    private static partial Regex Ending();

    [GeneratedRegex("# ((takes )?[0-9.]+ (s|min)\\b|at once|runs until)")]
    private static partial Regex Timed();

    [GeneratedRegex("\\b[0-9.]+ (s|min)\\b")]
    private static partial Regex Time();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("`hearsay (lab (run|verify|report|sweep|fuzz|list)|up|exercise|play replay)\\b[^`]*`")]
    private static partial Regex Inline();

    [GeneratedRegex("# (?:takes )?([0-9.]+) (s|min)")]
    private static partial Regex Times();

    [GeneratedRegex("'([^']*)'|\\S+")]
    private static partial Regex Words();
}
