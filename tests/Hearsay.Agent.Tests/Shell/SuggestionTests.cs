using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Tests.Shell;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("agent --fannout 2", "Did you mean '--fanout' instead of '--fannout'?")]
    [InlineData("publisch t x", "Did you mean 'publish' instead of 'publisch'?")]
    public async Task A_misspelt_word_is_answered_with_the_one_that_was_meant(string arguments, string hint)
    {
        var (code, output, error) = await Cli.RunAsync(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(hint, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("--nodes", "--nodes", 0)]
    [InlineData("kitten", "sitting", 3)]
    public void Changes_are_counted_letter_by_letter(string one, string other, int changes) =>
        Assert.Equal(changes, Suggestion.Changes(one, other));
}
