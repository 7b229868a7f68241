using System.Text.RegularExpressions;

namespace Hearsay.Cli.Tests.Learn;

/// <summary>What the chapters of docs/learn say to type, typed.</summary>
public sealed partial class ChapterTests
{
    /// <summary>What takes longer is for who reads, or for <c>make docs-check</c>, which leaves nothing out.</summary>
    private static int LongestSeconds =>
        Environment.GetEnvironmentVariable("HEARSAY_DOCS") == "all" ? int.MaxValue : 10;

    private static readonly string s_root = Root();

    /// <summary>Commands that end by themselves, need no other terminal, and take ten seconds at most.</summary>
    public static TheoryData<string, string> Commands => new(Chapters().SelectMany(static chapter =>
        Blocks().Matches(chapter.Text).SelectMany(static block => block.Groups[1].Value.Split('\n'))
            .Where(static line => Ending().IsMatch(line) && SecondsOf(line) <= LongestSeconds)
            .Select(line => (chapter.Name, line.Split('#')[0].Trim()))));

    /// <summary>Links of the playground: scenes in the text, and commands that open one.</summary>
    public static TheoryData<string, string> Links => new(Chapters().SelectMany(static chapter =>
        Scenes().Matches(chapter.Text).Concat(Plays().Matches(chapter.Text))
            .Select(match => (chapter.Name, match.Groups[1].Value.Trim()))));

    [Theory]
    [Campaign]
    [MemberData(nameof(Commands))]
    public async Task A_command_of_a_chapter_does_what_it_is_there_for(string chapter, string command)
    {
        var folder = Directory.CreateTempSubdirectory("hearsay-learn");
        try
        {
            var arguments = Words().Matches(command).Select(static word => word.Groups[1].Success
                ? word.Groups[1].Value : word.Value).Skip(1).ToList();
            var place = arguments.IndexOf("--out");
            if (place >= 0)
            {
                arguments[place + 1] = Path.Combine(folder.FullName, arguments[place + 1]);
            }

            using var output = new StringWriter();
            using var error = new StringWriter();
            var code = await Program.RunAsync(arguments, output, error);
            Assert.True(code == 0, $"{chapter}: {command} ended with {code}: {error}");
            Assert.NotEmpty(output.ToString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Links))]
    public async Task A_link_of_a_chapter_opens(string chapter, string link)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Program.RunAsync(["play", "replay", link, "--until", "100ms"], output, error);
        Assert.True(code == 0, $"{chapter}: {link}: {error}");
    }

    [Fact]
    public void Every_chapter_has_something_to_run_or_to_see()
    {
        Assert.True(Chapters().Count >= 12, "the series has become shorter");
        Assert.Empty(Chapters().Where(static chapter => !Blocks().IsMatch(chapter.Text)
            && !Scenes().IsMatch(chapter.Text)).Select(static chapter => chapter.Name));
    }

    [Fact]
    public void Every_command_says_how_long_it_takes() => Assert.Empty(Chapters().SelectMany(static chapter =>
        Blocks().Matches(chapter.Text).SelectMany(static block => block.Groups[1].Value.Split('\n'))
            .Where(static line => Ending().IsMatch(line) && SecondsOf(line) == 0)
            .Select(line => $"{chapter.Name}: {line}")));

    [Fact]
    public void The_sixty_lines_of_the_chapter_are_those_of_the_sample()
    {
        var chapter = Chapters().Single(static chapter => chapter.Name == "9-sixty-lines");
        var sample = File.ReadAllText(Path.Combine(s_root, "samples", "SixtyLines", "Program.cs"));
        Assert.Contains(sample, chapter.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Control_the_reader_of_chapters_finds_commands_and_links()
    {
        static bool Begins(string text, string with) => text.StartsWith(with, StringComparison.Ordinal);
        Assert.Contains(Commands, static row => Begins(row.Data.Item2, "hearsay lab run heal"));
        Assert.Contains(Links, static row => Begins(row.Data.Item2, "scene=tree"));
        Assert.Equal(
            (9, 150, 25, 4, 0),
            (SecondsOf("x # 9 s"), SecondsOf("x   # 2.5 min"), SecondsOf("x # takes 25 s"), SecondsOf("x # 4 s: why"),
                SecondsOf("x # 10,000 of them")));
    }

    private static List<(string Name, string Text)> Chapters() =>
        [.. Directory.EnumerateFiles(Path.Combine(s_root, "docs", "learn"), "*.md")
            .Select(static file => (Path.GetFileNameWithoutExtension(file), File.ReadAllText(file)))];

    private static int SecondsOf(string line) => Times().Match(line) is { Success: true } time
        ? (int)(double.Parse(time.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)
            * (time.Groups[2].Value == "min" ? 60 : 1))
        : 0;

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Hearsay.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("```scene\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Scenes();

    [GeneratedRegex("hearsay play (?:replay )?'([^']+)'")]
    private static partial Regex Plays();

    [GeneratedRegex("^hearsay (lab (run|list|fuzz)|up|play replay) ?.*")]
    private static partial Regex Ending();

    [GeneratedRegex("# (?:takes )?([0-9.]+) (s|min)")]
    private static partial Regex Times();

    [GeneratedRegex("'([^']*)'|\\S+")]
    private static partial Regex Words();
}
