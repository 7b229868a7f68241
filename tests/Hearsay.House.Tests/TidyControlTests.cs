using Hearsay.House.Tests.Rules;

namespace Hearsay.House.Tests;

/// <summary>Negative controls: each rule of TidyTests reports a bad sample and lets its good twin pass.</summary>
public sealed class TidyControlTests
{
    [Fact]
    public void A_long_file_is_reported()
    {
        Assert.Single(LengthRules.LongFile(File(Lines(LengthRules.FileLines + 1)), LengthRules.FileLines));
        Assert.Empty(LengthRules.LongFile(File(Lines(LengthRules.FileLines)), LengthRules.FileLines));
    }

    [Fact]
    public void A_protocol_that_lacks_a_file_is_reported()
    {
        SourceFile[] Folder(params string[] names) =>
            [.. names.Select(name => new SourceFile(name[0] == '/' ? name : "src/A/" + name, "sealed class A;"))];

        Assert.Equal(2, ProtocolFolderRules.Incomplete(Folder("AProtocol.cs", "AProtocol.Verb.cs")).Count());
        Assert.Single(ProtocolFolderRules.Incomplete(Folder("AProtocol.cs", "AMessage.cs")));
        Assert.Empty(ProtocolFolderRules.Incomplete(Folder("AProtocol.cs", "AFrame.cs", "ACounters.cs")));
        Assert.Empty(ProtocolFolderRules.Incomplete(Folder("IProtocol.cs")));
        Assert.Empty(ProtocolFolderRules.Incomplete(Folder("AProtocol.cs", "Below/BFrame.cs", "/C/ACounters.cs")));
        Assert.Equal(
            2, ProtocolFolderRules.Incomplete(Folder("AProtocol.cs", "/C/BFrame.cs", "/BCounters.cs")).Count());
    }

    [Fact]
    public void A_long_line_is_reported_unless_it_cannot_be_broken()
    {
        var words = string.Concat(Enumerable.Repeat("word ", 30));
        Assert.Equal(2, Assert.Single(LengthRules.LongLines(File("short\n// " + words))).Line);
        Assert.Single(LengthRules.LongLines(File($"var text = \"{words}\";")));
        Assert.Empty(LengthRules.LongLines(File("// https://example.org/" + new string('a', 120))));
        Assert.Empty(LengthRules.LongLines(File($"var hex = \"{new string('f', 120)}\";")));
    }

    [Fact]
    public void A_long_method_is_reported_at_its_first_line()
    {
        var body = Lines(LengthRules.MethodLines, "        Call(\"}\", '}', $\"{x}}}\"); // }");
        var bad = "namespace A;\n\nclass B\n{\n    void Long(int x = 1)\n    {\n" + body + "\n    }\n}\n";
        Assert.Equal(5, Assert.Single(LengthRules.LongMethods(File(bad))).Line);

        var good = "class B\n{\n    void Short()\n    {\n    }\n\n    int[] Table { get; } = new int[]\n    {\n"
            + Lines(LengthRules.MethodLines, "        1,") + "\n    };\n}\n";
        Assert.Empty(LengthRules.LongMethods(File(good)));
    }

    [Theory]
    [InlineData("namespace A; class B { } class C { }")]
    [InlineData("namespace A { public sealed class B { } public enum C { D } }")]
    [InlineData("public record B(int X); public readonly record struct C(int Y);")]
    [InlineData("public interface B { } public delegate void C();")]
    [InlineData("[Obsolete(\"x\")] public class B { } internal partial struct C<T> where T : class { }")]
    public void A_second_type_in_a_file_is_reported(string bad) => Assert.Single(LengthRules.ManyTypes(File(bad)));

    [Theory]
    [InlineData("namespace A; class B { class C { } enum D { } }")]
    [InlineData("using X; // class C { }\nclass B { string S => \"} class C { }\"; void M<T>() where T : class { } }")]
    public void A_nested_type_is_not_a_second_one(string good) => Assert.Empty(LengthRules.ManyTypes(File(good)));

    [Theory]
    [InlineData("throw new NotImplementedException();")]
    [InlineData("// TODO: later")]
    [InlineData("// FIXME")]
    [InlineData("/* HACK */")]
    public void Unfinished_work_is_reported(string bad) => Assert.Single(WordRules.Unfinished(File(bad)));

    [Theory]
    [InlineData("#if HEARSAY_DEFECTS")]
    [InlineData("    # if DEBUG")]
    [InlineData("#elif SLOW")]
    [InlineData("if (Defects.Has(Defect.NoAge)) { }")]
    [InlineData("internal BroadcastDefects Broken { get; init; }")]
    public void A_switch_for_tests_is_reported(string bad)
    {
        Assert.Single(WordRules.TestSwitches(File(bad)));
        Assert.Empty(WordRules.TestSwitches(File("// No defect; see the Defects tests.\nvar text = \"Defect\";")));
        Assert.Empty(WordRules.TestSwitches(File("#pragma warning disable CA1031\n#nullable enable")));
    }

    [Theory]
    [InlineData("var now = DateTime.Now;")]
    [InlineData("var now = DateTimeOffset.UtcNow;")]
    [InlineData("var watch = Stopwatch.StartNew();")]
    [InlineData("Random.Shared.Next();")]
    [InlineData("var r = new Random(1);")]
    [InlineData("var id = Guid.NewGuid();")]
    [InlineData("await Task.Delay(1);")]
    [InlineData("var t = Environment.TickCount64;")]
    [InlineData("var s = $\"{DateTime.UtcNow}\";")]
    public void A_clock_or_a_global_generator_is_reported(string bad) =>
        Assert.Single(WordRules.Nondeterminism(File(bad)));

    [Theory]
    [InlineData("// DateTime.Now would be wrong here")]
    [InlineData("var s = \"Random.Shared\";")]
    [InlineData("var s = \"\"\"\n Guid.NewGuid() \"quoted\" \n\"\"\";")]
    [InlineData("var r = new SeededRandom(1);")]
    public void A_word_in_a_comment_or_a_literal_is_not(string good) =>
        Assert.Empty(WordRules.Nondeterminism(File(good)));

    [Theory]
    [InlineData("[Fact(Skip = @@)]")]
    [InlineData("[Fact(Skip = @ @)]")]
    [InlineData("[Theory(Skip =|null)]")]
    [InlineData("Assert.Skip(@@);")]
    [InlineData("Assert.SkipUnless(Socket.OSSupportsIPv6, @@);")]
    public void A_skip_without_a_reason_is_reported(string bad) =>
        Assert.Single(WordRules.SkipWithoutReason(File(bad.Replace('@', '"').Replace('|', ' '))));

    [Fact]
    public void A_skip_with_a_reason_is_not() =>
        Assert.Empty(WordRules.SkipWithoutReason(File("Assert.SkipUnless(Has6, \"no IPv6 on this machine\");")));

    [Fact]
    public void A_line_of_the_log_with_the_id_of_another_is_reported()
    {
        var one = new SourceFile("one.cs", "[LoggerMessage(1, LogLevel.Debug, \"a\")]\n\n[LoggerMessage(2, x)]");
        var other = new SourceFile("other.cs", "\n    [LoggerMessage(2,\n    x)]\n[LoggerMessage(3, x)]");
        var finding = Assert.Single(LogRules.RepeatedIds([one, other]));
        Assert.Equal(("other.cs", 2), (finding.Path, finding.Line));
        Assert.Empty(LogRules.RepeatedIds([one]));
    }

    [Fact]
    public void A_thread_that_may_not_start_is_reported()
    {
        Assert.Single(WordRules.Threads(File("var thread = new Thread(Run);")));
        Assert.Empty(WordRules.Threads(File("starter.TryStart(Run, name); new ThreadStarter(start);")));
        Assert.Empty(WordRules.Threads(new SourceFile("src/ThreadStarter.cs", "new Thread(run)")));
    }

    [Fact]
    public void A_broken_link_is_reported()
    {
        var page = new SourceFile("docs/a/page.md",
            "[ok](../b.md#top) [web](https://example.org) [here](#x) `[code](no.md)`\n[bad](../gone.md)\n"
            + "```\n[fenced](no.md)\n```\n");
        var finding = Assert.Single(LinkRules.Broken(page, path => path.EndsWith("b.md", StringComparison.Ordinal)));
        Assert.Equal(2, finding.Line);
    }

    [Theory]
    [InlineData("/ho|me/somebody/hearsay")]
    [InlineData("see /Us|ers/somebody/x")]
    [InlineData("`/work|space/hearsay`")]
    [InlineData("/t|mp/a/b")]
    [InlineData("C:\\Us|ers\\somebody")]
    public void A_path_of_one_machine_is_reported(string bad) =>
        Assert.Single(WordRules.MachinePaths(File(bad.Replace("|", "", StringComparison.Ordinal))));

    [Theory]
    [InlineData("https://example.org/home/page")]
    [InlineData("src/home/x")]
    [InlineData("--data /var/lib/hearsay")]
    public void A_path_of_any_machine_is_not(string good) => Assert.Empty(WordRules.MachinePaths(File(good)));

    private static SourceFile File(string text) => new("sample.cs", text);

    private static string Lines(int count, string line = "x") => string.Join('\n', Enumerable.Repeat(line, count));
}
