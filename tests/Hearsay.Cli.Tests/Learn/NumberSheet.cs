using System.Text.RegularExpressions;

namespace Hearsay.Cli.Tests.Learn;

/// <summary>
/// What the numbers of a chapter are: the file <c>Numbers/CHAPTER.txt</c>. A line <c>$ hearsay ...</c> begins the
/// numbers of a command; each is a line <c>quote :: expression :: rule</c> (<see cref="PrintedNumber"/>). A line
/// <c>given ...</c> lists numbers that nobody measured: settings, sizes, numbers of chapters, theory. A line with # is
/// a comment.
/// </summary>
internal sealed partial class NumberSheet
{
    private NumberSheet(string chapter, string text)
    {
        var command = "";
        foreach (var line in text.Split('\n').Select(static line => line.Trim()))
        {
            if (line.StartsWith("$ ", StringComparison.Ordinal))
            {
                command = Chapters.CommandOf(line[2..]);
                Commands[command] = (Chapters.SecondsOf(line), []);
            }
            else if (line.StartsWith("given ", StringComparison.Ordinal))
            {
                Given.UnionWith(line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1));
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                var parts = line.Split(" :: ");
                Commands[command].Numbers.Add(new PrintedNumber(
                    chapter, parts[0].Trim(), parts[1].Trim(), parts.Length > 2 ? parts[2].Trim() : ""));
            }
        }
    }

    /// <summary>
    /// Commands, how long they take where the chapter does not say so, and what of them the chapter tells.
    /// </summary>
    public Dictionary<string, (int Seconds, List<PrintedNumber> Numbers)> Commands { get; } = [];

    /// <summary>Numbers that were not measured.</summary>
    public HashSet<string> Given { get; } = [];

    /// <summary>The sheet of a chapter.</summary>
    public static NumberSheet Of(string chapter)
    {
        var file = Path.Combine(
            Chapters.Root, "tests", "Hearsay.Cli.Tests", "Learn", "Numbers", chapter + ".txt");
        return new NumberSheet(chapter, File.Exists(file) ? File.ReadAllText(file) : "");
    }

    /// <summary>A sheet from its text.</summary>
    public static NumberSheet Read(string chapter, string text) => new(chapter, text);

    /// <summary>What is wrong with the sheet itself: words that the chapter does not have, or has twice.</summary>
    public IEnumerable<string> Strangers(string chapter)
    {
        var flat = Flat(chapter);
        foreach (var number in Commands.Values.SelectMany(static command => command.Numbers))
        {
            var count = Regex.Count(flat, Regex.Escape(number.Text));
            if (count != 1)
            {
                yield return $"{number.Chapter} has {count} times: {number.Text}";
            }
        }

        foreach (var command in Commands.Keys.Where(command =>
            !flat.Contains(command.Replace("hearsay ", "", StringComparison.Ordinal), StringComparison.Ordinal)))
        {
            yield return $"The chapter does not name the command: {command}";
        }
    }

    /// <summary>Numbers in the prose and the tables of a chapter that the sheet does not know.</summary>
    public IEnumerable<string> Unknown(string chapter)
    {
        var prose = Prose(chapter);
        var known = Commands.Values.SelectMany(static command => command.Numbers)
            .Select(number => prose.IndexOf(number.Text, StringComparison.Ordinal) + number.Place).ToHashSet();
        return Numbers().Matches(prose)
            .Where(number => !known.Contains(number.Index) && !Given.Contains(number.Value))
            .Select(number => $"{number.Value} in: {prose[Math.Max(0, number.Index - 40)..number.Index]}"
                + prose[number.Index..Math.Min(prose.Length, number.Index + 40)]);
    }

    /// <summary>What is listed as given and is not in the chapter.</summary>
    public IEnumerable<string> Superfluous(string chapter)
    {
        var found = Numbers().Matches(Prose(chapter)).Select(static number => number.Value).ToHashSet();
        return Given.Where(number => !found.Contains(number));
    }

    /// <summary>The text with each space once.</summary>
    private static string Flat(string text) => Spaces().Replace(text, " ");

    /// <summary>The text without its heading, blocks, commands and addresses.</summary>
    private static string Prose(string text) => Flat(Asides().Replace(text, " "));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("```.*?```|`[^`]*`|\\]\\([^)]*\\)|^# .*?$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Asides();

    [GeneratedRegex(@"(?<![\w.])[0-9](?:[0-9,]*[0-9])?(?:\.[0-9]+)?")]
    private static partial Regex Numbers();
}
