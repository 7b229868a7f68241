using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hearsay.Playground;

namespace Hearsay.Cli.Tests.Learn;

/// <summary>
/// What the chapters of docs/learn say to type, typed; and the numbers that they tell of it, compared with what is
/// printed.
/// </summary>
public sealed partial class ChapterTests
{
    /// <summary>What takes longer is for who reads, or for <c>make docs-check</c>, which leaves nothing out.</summary>
    private static int LongestSeconds =>
        Environment.GetEnvironmentVariable("HEARSAY_DOCS") == "all" ? int.MaxValue : 10;

    /// <summary>Commands that end by themselves, need no other terminal, and take ten seconds at most.</summary>
    public static TheoryData<string> Commands => new(Typed().Where(static typed => typed.Seconds <= LongestSeconds)
        .Select(static typed => typed.Command).Distinct());

    /// <summary>Links of the playground: scenes in the text, and commands that open one.</summary>
    public static TheoryData<string, string> Links => new(Chapters.All.SelectMany(static chapter =>
        Scenes().Matches(chapter.Text).Concat(Plays().Matches(chapter.Text))
            .Select(match => (chapter.Name, match.Groups[1].Value.Trim()))));

    [Theory]
    [Campaign]
    [MemberData(nameof(Commands))]
    public async Task A_command_does_what_it_is_there_for_and_prints_the_numbers_of_the_text(string command)
    {
        var folder = Directory.CreateTempSubdirectory("hearsay-learn");
        try
        {
            var numbers = Chapters.All.SelectMany(chapter => NumberSheet.Of(chapter.Name).Commands
                .Where(told => told.Key == command).SelectMany(static told => told.Value.Numbers)).ToList();
            var arguments = Arguments(command, folder.FullName, numbers.Count > 0);
            using var output = new StringWriter();
            using var error = new StringWriter();
            var code = await Program.RunAsync(arguments, output, error);
            Assert.True(code == 0, $"{command} ended with {code}: {error}");
            Assert.NotEmpty(output.ToString());
            if (numbers.Count > 0)
            {
                var file = Directory.EnumerateFiles(folder.FullName, "result.json", SearchOption.AllDirectories)
                    .FirstOrDefault();
                using var printed = JsonDocument.Parse(
                    file is null ? output.ToString() : await File.ReadAllTextAsync(file));
                var wrong = numbers.Select(number => number.Compare(printed.RootElement)).OfType<string>().ToList();
                Assert.True(wrong.Count == 0, $"{command}\n{string.Join('\n', wrong)}");
            }
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
    public void Every_chapter_begins_with_a_question_and_has_a_scene_something_to_run_and_an_exercise()
    {
        Assert.True(Chapters.All.Count >= 12, "the series has become shorter");
        Assert.Empty(Chapters.All.SelectMany(static chapter => LacksOf(chapter.Text).Select(
            lack => $"{chapter.Name} has no {lack}")));
        Assert.Equal(
            ["question", "scene", "command", "exercise", "next chapter"], LacksOf("# 1. X\n\nA text.\n\nIs it?"));
    }

    [Fact]
    public void Every_scene_names_a_chapter_that_is_about_it()
    {
        using var scenes = JsonDocument.Parse(PlayBridge.Scenes());
        Assert.Empty(scenes.RootElement.GetProperty("scenes").EnumerateArray().Where(static scene =>
        {
            var name = scene.GetProperty("name").GetString()!;
            using var described = JsonDocument.Parse(PlayBridge.Scene(name));
            var chapter = described.RootElement.GetProperty("chapter").GetString();
            return !Chapters.All.Any(one => one.Name == chapter
                && one.Text.Contains(name == "case" ? "lab fuzz" : $"scene={name}&", StringComparison.Ordinal));
        }).Select(static scene => scene.GetProperty("name").GetString()));
    }

    [Fact]
    public void Every_command_says_how_long_it_takes()
    {
        Assert.Empty(Chapters.All.SelectMany(static chapter =>
            Chapters.Timeless(chapter.Text).Select(command => $"{chapter.Name}: {command}")));
        Assert.Equal(
            ["hearsay peer", "`hearsay up`"],
            Chapters.Timeless(
                "```sh\nhearsay peer\nx # 1 s\nwait # at once\n```\n`hearsay up --x` (2 s) or `hearsay up`.\n"));
    }

    [Fact]
    public void The_sixty_lines_of_the_chapter_are_those_of_the_sample_and_print_what_it_says()
    {
        var chapter = Chapters.All.Single(static chapter => chapter.Name == "9-sixty-lines");
        var sample = File.ReadAllText(Path.Combine(Chapters.Root, "samples", "SixtyLines", "Program.cs"));
        Assert.Contains(sample, chapter.Text, StringComparison.Ordinal);
        var built = Path.Combine(AppContext.BaseDirectory, "..", "..", "SixtyLines",
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "SixtyLines.dll");
        using var run = Process.Start(new ProcessStartInfo("dotnet", [built]) { RedirectStandardOutput = true })!;
        Assert.Contains($"```text\n{run.StandardOutput.ReadToEnd()}```", chapter.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Control_the_reader_of_chapters_finds_commands_and_links()
    {
        static bool Begins(string text, string with) => text.StartsWith(with, StringComparison.Ordinal);
        Assert.Contains(Typed(), static typed => Begins(typed.Command, "hearsay lab run heal"));
        Assert.Contains(Links, static row => Begins(row.Data.Item2, "scene=tree"));
        Assert.Equal(
            (9, 150, 25, 4, 0),
            (Chapters.SecondsOf("x # 9 s"), Chapters.SecondsOf("x   # 2.5 min"), Chapters.SecondsOf("x # takes 25 s"),
                Chapters.SecondsOf("x # 4 s: why"), Chapters.SecondsOf("x # 10,000 of them")));
    }

    /// <summary>Commands of the chapters' blocks, and those that their text names and whose numbers it tells.</summary>
    private static IEnumerable<(string Command, int Seconds)> Typed() => Chapters.All.SelectMany(static chapter =>
    {
        var typed = Chapters.Lines(chapter.Text).Where(Chapters.Ends).ToDictionary(
            Chapters.CommandOf, Chapters.SecondsOf, StringComparer.Ordinal);
        var named = NumberSheet.Of(chapter.Name).Commands.Where(told => !typed.ContainsKey(told.Key));
        return typed.Select(static one => (one.Key, one.Value))
            .Concat(named.Select(static told => (told.Key, told.Value.Seconds)));
    });

    /// <summary>What a chapter should have and has not.</summary>
    private static IEnumerable<string> LacksOf(string text)
    {
        (string Name, bool Has)[] wanted =
        [
            ("question", text.Split("\n\n")[1].Contains('?', StringComparison.Ordinal)),
            ("scene", Scenes().IsMatch(text)),
            ("command", Chapters.Blocks().IsMatch(text)),
            ("exercise", Exercises().IsMatch(text)),
            ("next chapter", Followers().IsMatch(text) || text.StartsWith("# 15.", StringComparison.Ordinal)),
        ];
        return wanted.Where(static one => !one.Has).Select(static one => one.Name);
    }

    /// <summary>A command for this process: what it writes goes into a folder.</summary>
    private static List<string> Arguments(string command, string folder, bool isCompared)
    {
        var arguments = Chapters.WordsOf(command)[1..];
        var place = arguments.IndexOf("--out");
        if (place >= 0)
        {
            arguments[place + 1] = Path.Combine(folder, arguments[place + 1]);
        }
        else if (isCompared && arguments is ["lab", "run", ..])
        {
            // The command prints what it prints for who reads, and the object as well.
            arguments.AddRange(["--out", folder]);
        }
        else if (isCompared && arguments[0] != "lab" && !arguments.Contains("--json"))
        {
            arguments.Add("--json");
        }

        return arguments;
    }

    [GeneratedRegex("```scene(?: (?:text|lens|settings|tools))*\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Scenes();

    [GeneratedRegex("^(\\*Exercise:\\*|## Exercise)", RegexOptions.Multiline)]
    private static partial Regex Exercises();

    [GeneratedRegex("^Next: \\[.*\\]\\([0-9]+-[a-z-]+\\.md\\)\\.$", RegexOptions.Multiline)]
    private static partial Regex Followers();

    [GeneratedRegex("hearsay play (?:replay )?'([^']+)'")]
    private static partial Regex Plays();
}
