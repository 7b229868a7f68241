using Hearsay.House.Tests.Rules;

namespace Hearsay.House.Tests;

/// <summary>
/// A new feature is one folder and one line of a list. SampleFeatureTests shows that such a feature runs; here stands
/// that the node has no other place for one. Each rule has its negative control below.
/// </summary>
public sealed class SeamTests
{
    private static readonly IReadOnlyList<string> s_order = RoomRules.Listed(
        File.ReadAllText(Path.Combine(Repository.Root, "ARCHITECTURE.md")), "Hearsay");

    /// <summary>Where the host's options become a node's: nothing else outside names sections of features.</summary>
    private static readonly string[] s_binder =
        ["HearsayOptions.cs", "HearsayOptionsMapping.cs", "OptionsSection.cs"];

    private static List<SourceFile> Sources => [.. Repository.Files("src/Hearsay", ".cs")];

    [Fact]
    public void The_features_are_found() =>
        Assert.Superset(
            new HashSet<string> { "Features/Topics", "Features/Aggregates", "Features/Rumors", "Features/Maps" },
            SeamRules.FeaturesOf(s_order).ToHashSet());

    [Fact]
    public void No_file_outside_a_features_folder_and_the_list_names_its_types() =>
        None(SeamRules.Named(Sources, s_order));

    [Fact]
    public void No_file_outside_a_features_folder_uses_its_part_of_the_options_or_of_the_node() =>
        None(SeamRules.Used(Sources, s_order));

    [Fact]
    public void Hosting_names_sections_of_features_in_its_binder_only()
    {
        var hosting = Repository.Files("src/Hearsay.Hosting", ".cs")
            .Where(static file => !s_binder.Contains(file.Path[(file.Path.LastIndexOf('/') + 1)..]));
        None(SeamRules.Used([.. Sources, .. hosting], s_order));
    }

    [Theory]
    [InlineData("class A { F f; }", 1)]
    [InlineData("using P.Features.One; class A;", 1)]
    [InlineData("class A { void M() => Node.Run(new FOptions()); }", 1)]
    [InlineData("class A { int f; } // F", 0)]
    public void Control_a_name_of_a_feature_is_reported(string text, int count)
    {
        string[] order = ["Features/Contract", "Features/One/Deep", "Features/One", "Features/Two", "Features", "."];
        SourceFile[] Files(string path) =>
        [
            new("src/P/Features/One/F.cs", "class F;"), new("src/P/Features/One/FOptions.cs", "class FOptions;"),
            new("src/P/Features/One/Own.cs", "class Own { F f; }"), new(path, text),
        ];
        Assert.Equal(count, SeamRules.Named(Files("src/P/A.cs"), order).Count());
        Assert.Equal(count, SeamRules.Named(Files("src/P/Features/Two/A.cs"), order).Count());
        Assert.Empty(SeamRules.Named(Files("src/P/Features/NodeFeatures.cs"), order));
        Assert.Empty(SeamRules.Named(Files("src/P/Features/One/Deep/A.cs"), order));
    }

    [Theory]
    [InlineData("class A { int M(Options options) => options.Section.Size; }", 1)]
    [InlineData("class A { void M() => Running.Offer(1); }", 1)]
    [InlineData("class A { int M(Options options) => options.Plain + other.Section; }", 0)]
    public void Control_a_member_that_a_feature_adds_is_reported(string text, int count)
    {
        string[] order = ["Features/One", "."];
        SourceFile[] files =
        [
            new("src/P/Options.cs", "partial class Options {\n    public int Plain { get; }\n}"),
            new("src/P/Features/One/Options.F.cs", "partial class Options {\n    public Section? Section { get; }\n}"),
            new("src/P/Features/One/Node.F.cs", "partial class Node {\n    public void Offer(int x) { }\n}"),
            new("src/P/A.cs", text),
        ];
        Assert.Equal(count, SeamRules.Used(files, order).Count());
    }

    private static void None(IEnumerable<Finding> findings)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, string.Join(Environment.NewLine, all.Prepend<object>($"{all.Count} findings:")));
    }
}
