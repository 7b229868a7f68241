using System.Runtime.CompilerServices;
using Hearsay.Simulation.Checks;

namespace Hearsay.Simulation.Tests.Checks;

public sealed class BreachTextTests
{
    [Fact]
    public void Where_a_rule_holds_its_text_is_not_put_together()
    {
        var value = new Counted();
        Assert.Equal("", Of(true, $"has {value} entries"));
        Assert.Equal(0, value.Written);
    }

    [Fact]
    public void Where_a_rule_is_broken_its_text_names_the_values()
    {
        var value = new Counted();
        Assert.Equal("has 1 entries, not 1.5", Of(false, $"has {value} entries, not {1.5}"));
        Assert.Equal(1, value.Written);
    }

    private static string Of(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref BreachText text)
    {
        _ = holds;
        return text.ToStringAndClear();
    }

    private sealed class Counted
    {
        public int Written { get; private set; }

        public override string ToString() => $"{++Written}";
    }
}
