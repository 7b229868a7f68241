namespace Hearsay.Agent.Tests.Shell;

public sealed class OperandCheckTests
{
    [Theory]
    [InlineData("publish --bogus cc", "--bogus")]
    [InlineData("publish cc --bogus", "--bogus")]
    [InlineData("publish cc --bogus text", "--bogus")]
    [InlineData("map set config --bogus v", "--bogus")]
    [InlineData("map set config k --bogus", "--bogus")]
    [InlineData("map get config --bogus", "--bogus")]
    [InlineData("ask any load --bogus", "--bogus")]
    [InlineData("listen --bogus", "--bogus")]
    [InlineData("aggregate --bogus", "--bogus")]
    [InlineData("publish cc --bogus -- --text", "--bogus")]
    public async Task A_misspelt_option_is_no_text(string arguments, string named)
    {
        var (code, output, error) = await Cli.RunAsync($"{arguments} --agent http://127.0.0.1:1");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains($"'{named}' is not an option. ", error, StringComparison.Ordinal);
        Assert.Contains("put -- before the texts", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_option_that_was_meant_is_named()
    {
        var (code, _, error) = await Cli.RunAsync("publish topic --trak");
        Assert.Equal(2, code);
        Assert.Contains("Did you mean '--track'?", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("publish --agent http://127.0.0.1:1 -- --bogus --text")]
    [InlineData("publish --agent http://127.0.0.1:1 cc -- --bogus")]
    [InlineData("publish --agent http://127.0.0.1:1 cc -")]
    [InlineData("map increment --agent http://127.0.0.1:1 config k -5")]
    public async Task After_two_dashes_alone_a_text_begins_as_it_likes(string arguments)
    {
        var (code, _, error) = await Cli.RunAsync(arguments);
        Assert.Equal(3, code);
        Assert.Contains("No agent answers", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_shown_all_the_same()
    {
        var (code, output, _) = await Cli.RunAsync("publish --bogus --help");
        Assert.Equal(0, code);
        Assert.Contains("TOPIC", output, StringComparison.Ordinal);
    }
}
