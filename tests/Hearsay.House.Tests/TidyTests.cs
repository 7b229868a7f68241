using Hearsay.House.Tests.Rules;

namespace Hearsay.House.Tests;

/// <summary>
/// The source tree keeps the rules of CONTRIBUTING.md. That each rule can fail is shown in TidyControlTests.
/// </summary>
public sealed class TidyTests
{
    private static readonly string[] CodeFolders = ["src", "tests", "samples", "bench"];

    private static readonly string[] TextEndings =
    [
        ".cs", ".md", ".json", ".props", ".targets", ".csproj", ".slnx", ".sh", ".txt", ".yml", ".config",
        "Makefile", ".ci/run", ".editorconfig", ".gitignore",
    ];

    [Fact]
    public void The_source_tree_is_found()
    {
        Assert.Contains(Repository.Files("src", ".cs"), file => file.Path == "src/Hearsay.Cli/Program.cs");
        Assert.DoesNotContain(
            Repository.Files("", ".cs"), file => file.Path.Contains("/obj/", StringComparison.Ordinal));
    }

    [Fact]
    public void Source_files_are_short() =>
        None(Code("src").SelectMany(file => LengthRules.LongFile(file, LengthRules.FileLines)));

    [Fact]
    public void Test_files_are_short() =>
        None(Code("tests").SelectMany(file => LengthRules.LongFile(file, LengthRules.TestFileLines)));

    [Fact]
    public void Lines_fit_the_screen() => None(CodeFolders.SelectMany(Code).SelectMany(LengthRules.LongLines));

    [Fact]
    public void Methods_fit_the_screen() => None(Code("src").SelectMany(LengthRules.LongMethods));

    [Fact]
    public void A_source_file_holds_one_type() => None(Code("src").SelectMany(LengthRules.ManyTypes));

    [Fact]
    public void Every_protocol_has_its_messages_and_counters_beside_it() =>
        None(ProtocolFolderRules.Incomplete([.. Code("src/Hearsay.Protocols")]));

    [Fact]
    public void Nothing_in_src_is_unfinished() => None(Code("src").SelectMany(WordRules.Unfinished));

    [Theory]
    [InlineData("src/Hearsay.Protocols")]
    [InlineData("src/Hearsay.Simulation")]
    public void One_seed_gives_one_trace(string folder) => None(Code(folder).SelectMany(WordRules.Nondeterminism));

    [Theory]
    [InlineData("src/Hearsay")]
    [InlineData("src/Hearsay.AspNetCore")]
    [InlineData("src/Hearsay.Hosting")]
    public void Every_line_of_a_log_has_an_id_of_its_own(string project) => None(LogRules.RepeatedIds(Code(project)));

    [Fact]
    public void Threads_are_started_in_one_place() => None(Code("src/Hearsay").SelectMany(WordRules.Threads));

    [Fact]
    public void The_product_has_no_switch_for_tests() => None(Code("src").SelectMany(WordRules.TestSwitches));

    [Fact]
    public void A_skipped_test_says_why() => None(Code("tests").SelectMany(WordRules.SkipWithoutReason));

    [Fact]
    public void Links_between_pages_resolve() =>
        None(Repository.Files("", ".md").SelectMany(file => LinkRules.Broken(file, Repository.Exists)));

    [Fact]
    public void No_file_names_a_path_of_one_machine() =>
        None(Repository.Files("", TextEndings).SelectMany(WordRules.MachinePaths));

    private static IEnumerable<SourceFile> Code(string folder) => Repository.Files(folder, ".cs");

    private static void None(IEnumerable<Finding> findings)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, string.Join(Environment.NewLine, all.Prepend<object>($"{all.Count} findings:")));
    }
}
