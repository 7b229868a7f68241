using Hearsay.Cli.Up.Display;
using Hearsay.Cli.Up.Network;
using Hearsay.Cli.Up.Results;
using Hearsay.Learning;

namespace Hearsay.Cli.Tests.Up.Display;

public sealed class SummaryTextTests
{
    private static readonly UpSettings s_settings = new() { Learn = new LearningData([1, 2], [0, 1], 2) };

    [Theory]
    [InlineData(30, "The nodes agreed on how to standardise the data, and learned for 30 cycles.")]
    [InlineData(1, "The nodes agreed on how to standardise the data, and learned for 1 cycle.")]
    [InlineData(null, "The nodes have not agreed on how to standardise the data.")]
    public void A_run_that_was_interrupted_while_it_learned_says_how_far_it_came(int? cycles, string line)
    {
        var result = new UpResult(s_settings) { LearnedCycles = cycles, Interrupted = true };
        Assert.Contains(line, SummaryText.Of(result, s_settings));
    }
}
