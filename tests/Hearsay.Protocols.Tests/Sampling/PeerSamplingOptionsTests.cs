namespace Hearsay.Protocols.Tests;

public class PeerSamplingOptionsTests
{
    private static readonly PeerSamplingOptions Good = PeerSamplingOptions.Recommended;

    public static TheoryData<PeerSamplingOptions, string, string> Unusable => new()
    {
        { Good with { ViewSize = 3 }, "ViewSize", "from 4 to 256" },
        { Good with { ViewSize = 31 }, "ViewSize", "even" },
        { Good with { ViewSize = 258 }, "ViewSize", "from 4 to 256" },
        { Good with { Healing = -1 }, "Healing", "from 0 to ViewSize/2 = 15" },
        { Good with { Healing = 16, Swap = 0 }, "Healing", "from 0 to ViewSize/2 = 15" },
        { Good with { Healing = 0, Swap = 16 }, "Swap", "from 0 to ViewSize/2 = 15" },
        { Good with { Healing = 10, Swap = 6 }, "Healing + Swap", "at most ViewSize/2 = 15, not 10 + 6 = 16" },
        { Good with { Form = (ExchangeForm)9 }, "Form", "HalfViews, Newscast or Cyclon" },
        { Good with { Selection = (PeerSelection)9 }, "Selection", "Rand, Tail or Head" },
        { Good with { Propagation = (Propagation)9 }, "Propagation", "PushPull, Push or Pull" },
        { Good with { ShuffleLength = 1 }, "ShuffleLength", "from 2 to ViewSize = 30" },
        { PeerSamplingOptions.Cyclon with { ShuffleLength = 21 }, "ShuffleLength", "from 2 to ViewSize = 20" },
        { Good with { CycleTime = TimeSpan.FromMilliseconds(9) }, "CycleTime", "from 10 ms to 1 h" },
        { Good with { CycleTime = TimeSpan.FromHours(2) }, "CycleTime", "from 10 ms to 1 h" },
        { Good with { Jitter = 0.6 }, "Jitter", "from 0 to 0.5" },
        { Good with { Jitter = double.NaN }, "Jitter", "from 0 to 0.5" },
        { Good with { MaximumTimeout = TimeSpan.FromSeconds(1) }, "MaximumTimeout", "below CycleTime" },
        { Good with { MaximumTimeout = TimeSpan.Zero }, "MaximumTimeout", "above zero" },
        { Good with { MinimumTimeout = TimeSpan.Zero }, "MinimumTimeout", "at least 1 ms" },
        { Good with { Fanout = 0 }, "Fanout", "from 1 to ViewSize = 30" },
        { Good with { Fanout = 31 }, "Fanout", "from 1 to ViewSize = 30" },
        { Good with { TriesPerCycle = 9 }, "TriesPerCycle", "from 1 to 8" },
        { Good with { QuarantineAfter = 0 }, "QuarantineAfter", "from 1 to 16" },
        { Good with { QuarantineCycles = 0 }, "QuarantineCycles", "from 1 to 10,000" },
        { Good with { RecontactCycles = 0 }, "RecontactCycles", "from 1 to 100,000" },
        { Good with { TableCapacity = 183 }, "TableCapacity", "from 4 x ViewSize + 64 = 184 to 65,535" },
        { Good with { TableCapacity = 65_536 }, "TableCapacity", "to 65,535" },
    };

    public static TheoryData<string> Presets => [.. PeerSamplingOptions.PresetNames];

    [Theory]
    [MemberData(nameof(Unusable))]
    public void An_error_names_the_option_and_its_range(PeerSamplingOptions options, string option, string range)
    {
        var error = Assert.Single(PeerSamplingValidation.Errors(options));
        Assert.StartsWith(option + " must be ", error, StringComparison.Ordinal);
        Assert.Contains(range, error, StringComparison.Ordinal);
        var thrown = Assert.Throws<ArgumentException>(() => PeerSamplingValidation.ThrowIfInvalid(options));
        Assert.Contains(error, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Every_preset_is_valid_at_every_even_view_size(string name)
    {
        Assert.True(PeerSamplingOptions.TryGetPreset(name.ToUpperInvariant(), out var preset));
        Assert.Empty(PeerSamplingValidation.Errors(preset));
        for (var size = 4; size <= PeerSamplingOptions.MaximumViewSize; size += 2)
        {
            Assert.Empty(PeerSamplingValidation.Errors(preset.WithViewSize(size)));
        }
    }

    [Fact]
    public void A_preset_that_does_not_exist_is_not_found() =>
        Assert.False(PeerSamplingOptions.TryGetPreset("brahms", out _));

    [Fact]
    public void Another_view_size_keeps_the_corners()
    {
        var healer = PeerSamplingOptions.Healer.WithViewSize(20);
        Assert.Equal((20, 10, 0), (healer.ViewSize, healer.EffectiveHealing, healer.EffectiveSwap));
        var swapper = PeerSamplingOptions.Swapper.WithViewSize(50);
        Assert.Equal((50, 0, 25), (swapper.ViewSize, swapper.EffectiveHealing, swapper.EffectiveSwap));
        var recommended = PeerSamplingOptions.Recommended.WithViewSize(20);
        Assert.Equal((4, 6), (recommended.EffectiveHealing, recommended.EffectiveSwap));
    }

    [Fact]
    public void Rules_carry_the_values_as_they_are_used()
    {
        var rules = PeerSamplingOptions.Recommended.ToRules();
        Assert.Equal((30, 6, 9, 15, 45), (rules.ViewSize, rules.Healing, rules.Swap, rules.MaximumBuffer, rules.Room));
        Assert.Equal((21, 41),
            (PeerSamplingOptions.Newscast.ToRules().MaximumBuffer, PeerSamplingOptions.Newscast.ToRules().Room));
        Assert.Equal(8, PeerSamplingOptions.Cyclon.ToRules().MaximumBuffer);
    }
}
