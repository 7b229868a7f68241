namespace Hearsay.Cli.Tests;

public sealed class MistakesTests
{
    [Theory]
    [InlineData("lab run overlay --nodez 5", "Did you mean '--nodes' instead of '--nodez'?")]
    [InlineData("lab run overley", "Did you mean 'overlay' instead of 'overley'?")]
    [InlineData("up --fannout 2", "Did you mean '--fanout' instead of '--fannout'?")]
    public async Task A_misspelt_word_is_answered_with_the_one_that_was_meant(string arguments, string hint)
    {
        var (code, output, error) = await Cli.RunAsync(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(hint, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lab run overlay --nothing-like-it 5")]
    [InlineData("lab run heal --kill NaN")]
    public async Task Nothing_is_guessed_where_nothing_is_near(string arguments)
    {
        var (code, _, error) = await Cli.RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.DoesNotContain("Did you mean", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lab run overlay --nope 3", "Unrecognized command or argument '--nope'.")]
    [InlineData("lab run nope", "Unrecognized command or argument 'nope'.")]
    [InlineData("lab run", "Required command was not provided.")]
    [InlineData("lab run overlay --nodes 0 --nope 3 --threads 0",
        "--nodes must be from 2 to 10,000,000, not '0'.|Unrecognized command or argument '--nope'."
        + "|--threads must be from 1 to 1,024, not '0'.")]
    public async Task A_mistake_is_told_once_and_not_by_its_consequences(string arguments, string messages)
    {
        var (code, _, error) = await Cli.RunAsync(arguments);
        Assert.Equal(2, code);
        var lines = error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)[..^1]
            .Where(line => !line.StartsWith("Did you mean", StringComparison.Ordinal));
        Assert.Equal(messages.Split('|').Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
    }
}
