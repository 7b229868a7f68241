namespace Hearsay.Cli.Tests;

public sealed class SuggestionTests
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
    [InlineData("", "abc", 3)]
    [InlineData("--nodes", "--nodes", 0)]
    [InlineData("kitten", "sitting", 3)]
    public void Changes_are_counted_letter_by_letter(string one, string other, int changes) =>
        Assert.Equal(changes, Suggestion.Changes(one, other));
}
