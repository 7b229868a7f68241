using System.Text.RegularExpressions;

namespace Hearsay.Cli.Tests.Learn;

/// <summary>The C# on pages for users has been seen by the compiler, as a user's own code would be.</summary>
public sealed partial class SnippetTests
{
    private static readonly string s_root = Root();

    [Fact]
    public void The_compiler_has_seen_every_piece_of_CSharp_on_a_page() =>
        Assert.Empty(Strangers(Compiled(), Pages()).Select(static snippet => $"{snippet.Page}: {snippet.Text}"));

    [Theory]
    [InlineData("14-", "TryGetPeer", "TryGetPeers")]
    [InlineData("README.md", "node.GetTopic", "node.OpenTopic")]
    [InlineData("anti-entropy.md", "WriteConcern.Nodes", "WriteConcern.Peers")]
    [InlineData("peer-sampling.md", "node.CreateSampler", "node.NewSampler")]
    public void Control_a_piece_of_CSharp_that_no_compiler_saw_is_found(string page, string good, string bad)
    {
        var pages = Pages().Where(one => one.Name.StartsWith(page, StringComparison.Ordinal)
            && one.Text.Contains(good, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(pages);
        Assert.Empty(Strangers(Compiled(), pages));
        Assert.NotEmpty(Strangers(Compiled(), [.. pages.Select(
            one => (one.Name, one.Text.Replace(good, bad, StringComparison.Ordinal)))]));
    }

    [Fact]
    public void Control_pieces_that_are_mixed_from_two_files_or_in_another_order_are_found()
    {
        var (one, two) = ("var a = 1;\nUse(a);", "var b = 2;\nUse(b);");
        static List<(string Name, string Text)> Page(string code) => [("page", $"text\n```csharp\n{code}\n```\n")];
        Assert.Empty(Strangers([one + "\n}\n" + two], Page(one + "\n\n" + two)));
        Assert.NotEmpty(Strangers([one, two], Page(one + "\n\n" + two)));
        Assert.NotEmpty(Strangers([two + "\n}\n" + one], Page(one + "\n\n" + two)));
        Assert.Empty(Strangers([one], Page("var a = 1;   // a comment\nUse(a);")));
    }

    [Fact]
    public void Control_the_reader_finds_the_pages_and_what_is_on_them()
    {
        string[] expected = ["README.md", "anti-entropy.md", "gossip-learning.md", "rumors.md", "metrics.md"];
        Assert.Empty(expected.Except(Pages().Where(static page => Snippets().IsMatch(page.Text))
            .Select(static page => page.Name)));
        Assert.True(Pages().Sum(static page => Snippets().Count(page.Text)) >= 20, "pages have lost their C#");
    }

    /// <summary>
    /// The pieces that are in no source. The parts of a piece between its empty lines are in one file, in their order;
    /// a method may end between them.
    /// </summary>
    private static List<(string Page, string Text)> Strangers(
        List<string> compiled, List<(string Name, string Text)> pages) =>
        [.. pages.SelectMany(static page => Snippets().Matches(page.Text)
                .Select(match => (page.Name, Text: Flat(match.Groups[1].Value))))
            .Where(snippet => !compiled.Exists(file => HasInOrder(Flat(file), snippet.Text.Split("\n\n"))))];

    private static bool HasInOrder(string file, string[] parts)
    {
        var place = 0;
        foreach (var part in parts)
        {
            place = file.IndexOf(part, place, StringComparison.Ordinal);
            if (place < 0)
            {
                return false;
            }

            place += part.Length;
        }

        return true;
    }

    /// <summary>All pages with C# that users copy.</summary>
    private static List<(string Name, string Text)> Pages() =>
        [.. Directory.EnumerateFiles(Path.Combine(s_root, "docs"), "*.md", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(s_root, "src"), "README.md", SearchOption.AllDirectories))
            .Append(Path.Combine(s_root, "README.md"))
            .Select(static file => (Path.GetFileName(file), File.ReadAllText(file)))];

    /// <summary>Sources that the compiler sees: the samples, and what stands beside this test.</summary>
    private static List<string> Compiled() =>
        [.. new[] { "samples", Path.Combine("tests", "Hearsay.Cli.Tests", "Learn", "Snippets") }
            .SelectMany(static folder => Directory.EnumerateFiles(
                Path.Combine(s_root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(File.ReadAllText)];

    /// <summary>
    /// The lines without indentation, since a piece of a method is indented less on a page, and without comments.
    /// </summary>
    private static string Flat(string text) => string.Join('\n', text.Split('\n')
        .Where(static line => !line.TrimStart().StartsWith("// ", StringComparison.Ordinal))
        .Select(static line => Comment().Replace(line, "").Trim())).Trim();

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Hearsay.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippets();

    [GeneratedRegex(@"\s+// .*$")]
    private static partial Regex Comment();
}
