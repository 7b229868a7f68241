using Hearsay.House.Tests.Rules;

namespace Hearsay.House.Tests;

/// <summary>
/// Within a project, too, who may know whom is written down once, in ARCHITECTURE.md, and kept. Each rule has its
/// negative control below.
/// </summary>
public sealed class RoomsTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "ARCHITECTURE.md"));

    /// <summary>Every project of src but those of one room.</summary>
    public static TheoryData<string> Projects => new(Repository.Files("src", ".csproj")
        .Select(file => Path.GetFileNameWithoutExtension(file.Path))
        .Where(project => Sources(project).Any(file => file.Path.Split('/').Length > 3)));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_room_has_its_place_in_the_order(string project) =>
        None(RoomRules.NotListed(Sources(project), RoomRules.Listed(s_page, project)));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_room_knows_only_rooms_below_it(string project) =>
        None(RoomRules.ArrowsUp(Sources(project), RoomRules.Listed(s_page, project)));

    [Theory]
    [InlineData("Hearsay.Protocols", "Hearsay", "Hearsay.Protocols")]
    [InlineData("Hearsay", "Hearsay")]
    [InlineData("Hearsay.Learning", "Hearsay.Learning", "Hearsay")]
    [InlineData("Hearsay.Hosting", "Hearsay.Hosting", "Microsoft.Extensions.DependencyInjection")]
    [InlineData("Hearsay.AspNetCore", "Hearsay.AspNetCore", "Microsoft.AspNetCore.Builder")]
    [InlineData("Hearsay.Simulation", "Hearsay.Simulation")]
    [InlineData("Hearsay.Lab", "Hearsay.Lab")]
    [InlineData("Hearsay.Playground", "Hearsay.Playground")]
    [InlineData("Hearsay.Agent")]
    [InlineData("Hearsay.Cli", "Hearsay.Exercises")]
    public void Internal_types_are_named_by_folder_and_public_ones_stand_where_they_are_looked_for(
        string project, params string[] ofPublic) => None(RoomRules.StrayNamespaces(Sources(project), ofPublic));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_part_of_a_type_is_at_home_or_in_the_folder_of_a_feature(string project) =>
        None(RoomRules.StrayParts(Sources(project)));

    [Fact]
    public void No_folder_of_sources_is_too_full() => None(RoomRules.FullFolders(Repository.Files("src", ".cs")));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_test_is_in_the_room_of_what_it_tests(string project) =>
        None(RoomRules.Unmirrored(Repository.Files($"tests/{project}.Tests", ".cs"), Sources(project)));

    [Theory]
    [InlineData("class A { B b; }")]
    [InlineData("class A { int x = B.Constant; }")]
    [InlineData("class A { B B { get; } int C => B + 1; }")]
    [InlineData("class A { int B { get; } object C => new B(); }")]
    [InlineData("class A { void M() => Q.Up.B.Call(); }")]
    [InlineData("using P.Up; class A;")]
    [InlineData("using static P.Up.B; class A { B b; }")]
    public void Control_an_arrow_up_is_reported(string lower)
    {
        SourceFile[] files = [new("src/P/Low/A.cs", lower), new("src/P/Up/B.cs", "class B { A a; }")];
        Assert.Equal("src/P/Low/A.cs", Assert.Single(RoomRules.ArrowsUp(files, ["Low", "Up"])).Path);
        Assert.Equal("src/P/Up/B.cs", Assert.Single(RoomRules.ArrowsUp(files, ["Up", "Low"])).Path);
    }

    [Theory]
    [InlineData("class A { int B2; } // B")]
    [InlineData("class A { int M(A other) => other.B; string s = \"B\"; }")]
    [InlineData("class A { int B { get; } int C => B + 1; }")]
    [InlineData("using P.Low; class A;")]
    public void Control_what_only_looks_like_one_is_not(string lower)
    {
        SourceFile[] files = [new("src/P/Low/A.cs", lower), new("src/P/Up/B.cs", "class B { A a; }")];
        Assert.Empty(RoomRules.ArrowsUp(files, ["Low", "Up"]));
    }

    [Fact]
    public void Control_a_room_without_a_place_and_a_place_without_a_room_are_reported()
    {
        const string Page = "#### Rooms of `P`\n\n| room | what |\n|---|---|\n| `Low/` | x |\n| `Gone/` | x |\n"
            + "\n#### Rooms of `Q`\n| `Other/` | x |\n";
        var order = RoomRules.Listed(Page, "P");
        Assert.Equal(["Low", "Gone"], order);
        SourceFile[] files = [new("src/P/Low/A.cs", ""), new("src/P/New/B.cs", ""), new("src/P/New/C.cs", "")];
        Assert.Equal(2, RoomRules.NotListed(files, order).Count());
    }

    [Theory]
    [InlineData("namespace P;\n\ninternal class A;", true)]
    [InlineData("namespace P.Low;\n\ninternal class A;", false)]
    [InlineData("namespace P.Low;\n\npublic class A;", true)]
    [InlineData("namespace P;\n\npublic class A;", false)]
    public void Control_a_stray_namespace_is_reported(string text, bool isStray) =>
        Assert.Equal(isStray, RoomRules.StrayNamespaces([new("src/P/Low/A.cs", text)], "P").Any());

    [Fact]
    public void Control_a_part_in_the_folder_of_a_feature_belongs_to_the_room_of_the_feature()
    {
        SourceFile[] files =
        [
            new("src/P/Features/F/Node.F.cs", "public partial class Node { Feature f; Above a; }"),
            new("src/P/Node.cs", "public partial class Node { }"),
            new("src/P/Features/F/Feature.cs", "class Feature;"), new("src/P/Above.cs", "class Above;"),
        ];
        var finding = Assert.Single(RoomRules.ArrowsUp(files, ["Features/F", "."]));
        Assert.Contains("Above", $"{finding}", StringComparison.Ordinal);
        Assert.Empty(RoomRules.StrayParts(files));
    }

    [Fact]
    public void Control_a_part_anywhere_else_is_reported()
    {
        SourceFile[] files = [new("src/P/Low/Node.F.cs", ""), new("src/P/Node.cs", ""), new("src/P/Node.G.cs", "")];
        Assert.Equal("src/P/Low/Node.F.cs", Assert.Single(RoomRules.StrayParts(files)).Path);
    }

    [Fact]
    public void Control_a_full_folder_is_reported()
    {
        static SourceFile[] Folder(int count) =>
            [.. Enumerable.Range(0, count).Select(number => new SourceFile($"src/P/Low/A{number}.cs", ""))];
        Assert.Single(RoomRules.FullFolders(Folder(RoomRules.FolderFiles + 1)));
        Assert.Empty(RoomRules.FullFolders(Folder(RoomRules.FolderFiles)));
    }

    [Fact]
    public void Control_a_test_in_another_room_is_reported()
    {
        SourceFile[] sources = [new("src/P/Low/A.cs", "")];
        Assert.Single(RoomRules.Unmirrored([new("tests/P.Tests/Up/ATests.cs", "")], sources));
        Assert.Empty(RoomRules.Unmirrored([new("tests/P.Tests/Low/ATests.cs", "")], sources));
        Assert.Empty(RoomRules.Unmirrored([new("tests/P.Tests/Up/ATogetherTests.cs", "")], sources));
    }

    private static List<SourceFile> Sources(string project) => [.. Repository.Files($"src/{project}", ".cs")];

    private static void None(IEnumerable<Finding> findings)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, string.Join(Environment.NewLine, all.Prepend<object>($"{all.Count} findings:")));
    }
}
