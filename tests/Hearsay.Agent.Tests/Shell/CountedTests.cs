using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Tests.Shell;

public sealed class CountedTests
{
    [Theory]
    [InlineData(0, "0 nodes")]
    [InlineData(1, "1 node")]
    [InlineData(2, "2 nodes")]
    [InlineData(1_000_000, "1,000,000 nodes")]
    public void One_thing_stands_in_the_singular(long number, string text) =>
        Assert.Equal(text, Counted.Of(number, "node"));
}
