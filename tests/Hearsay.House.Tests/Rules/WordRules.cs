using System.Text.RegularExpressions;

namespace Hearsay.House.Tests.Rules;

/// <summary>Words that do not belong in a place.</summary>
internal static partial class WordRules
{
    /// <summary>Work that somebody meant to finish.</summary>
    public static IEnumerable<Finding> Unfinished(SourceFile file) =>
        Matches(file, file.Lines, UnfinishedWords(), "unfinished work: finish it or open an issue");

    /// <summary>
    /// Clocks, global generators and waiting, in code that must give the same trace for the same seed.
    /// </summary>
    public static IEnumerable<Finding> Nondeterminism(SourceFile file) =>
        Matches(file, CodeText.Blank(file.Text).Split('\n'), Nondeterministic(),
            "time and randomness come from the context");

    /// <summary>Tests switched off without a reason that a reader can act on.</summary>
    public static IEnumerable<Finding> SkipWithoutReason(SourceFile file) =>
        Matches(file, file.Lines, EmptySkip(), "a skipped test must say why");

    /// <summary>Absolute paths that exist on one machine only.</summary>
    public static IEnumerable<Finding> MachinePaths(SourceFile file) =>
        Matches(file, file.Lines, MachinePath(), "a path of one machine: make it relative");

    /// <summary>
    /// Code that is compiled for some builds only, and names of defects: what is tested must be what ships.
    /// </summary>
    public static IEnumerable<Finding> TestSwitches(SourceFile file) =>
        Matches(file, CodeText.Blank(file.Text).Split('\n'), TestSwitch(),
            "what is tested must ship: defects are edits to a copy (tests/Hearsay.Defects.Tests)");

    /// <summary>Threads that are started beside the one place that takes no for an answer.</summary>
    public static IEnumerable<Finding> Threads(SourceFile file) =>
        file.Path.EndsWith("/ThreadStarter.cs", StringComparison.Ordinal) ? []
            : Matches(file, CodeText.Blank(file.Text).Split('\n'), NewThread(),
                "a machine may give no thread: ThreadStarter starts it");

    private static IEnumerable<Finding> Matches(SourceFile file, string[] lines, Regex words, string why) =>
        lines.Index()
            .Where(line => words.IsMatch(line.Item))
            .Select(line => new Finding(file.Path, line.Index + 1, $"'{words.Match(line.Item).Value.Trim()}': {why}"));

    [GeneratedRegex(@"\bnew Thread\(")]
    private static partial Regex NewThread();

    [GeneratedRegex(@"\b(NotImplementedException|TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex UnfinishedWords();

    [GeneratedRegex(@"\b(DateTime(Offset)?\.(Utc)?Now|DateTime\.Today|Stopwatch|Random\.Shared|new Random\b"
        + @"|Guid\.NewGuid|Guid\.CreateVersion7|Task\.Delay|Thread\.Sleep|Environment\.TickCount(64)?|TimeProvider)\b")]
    private static partial Regex Nondeterministic();

    [GeneratedRegex(@"^\s*#\s*(if|elif)\b|\w*Defect\w*")]
    private static partial Regex TestSwitch();

    [GeneratedRegex(@"\bSkip\s*=\s*(""\s*""|null|string\.Empty)"
        + @"|\bAssert\.Skip\w*\(([^;]*,)?\s*(""\s*""|string\.Empty)\s*\)")]
    private static partial Regex EmptySkip();

    [GeneratedRegex(@"(?<![\w.~$}*/-])"
        + @"(/(home|Users|root|mnt|media|works?(paces?)?|builds?)/[\w.-]+|/tmp/[\w.-]+/[\w.-]+)"
        + @"|\b[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();
}
