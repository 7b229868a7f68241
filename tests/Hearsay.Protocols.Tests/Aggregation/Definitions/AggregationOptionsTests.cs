using Hearsay.Protocols.Aggregation.PushPull;

namespace Hearsay.Protocols.Tests.Aggregation.Definitions;

public sealed class AggregationOptionsTests
{
    private static readonly AggregationOptions Default = AggregationOptions.Default;

    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(AggregationValidation.Errors(Default));

    [Theory]
    [InlineData(10, 4)]
    [InlineData(3_600_000, 10_000)]
    [InlineData(null, null)]
    public void Cycles_of_every_length_that_is_promised_are_valid(int? milliseconds, int? cyclesPerEpoch)
    {
        TimeSpan? cycle = milliseconds is { } length ? TimeSpan.FromMilliseconds(length) : null;
        var options = Default.WithCycles(cycle, cyclesPerEpoch);
        Assert.Empty(AggregationValidation.Errors(options));
        Assert.Equal(cycle ?? Default.CycleTime, options.CycleTime);
        Assert.Equal(cyclesPerEpoch ?? Default.CyclesPerEpoch, options.CyclesPerEpoch);
    }

    [Fact]
    public void Every_option_out_of_its_range_is_named_once()
    {
        (string Name, AggregationOptions Options)[] wrong =
        [
            ("CycleTime", Default with { CycleTime = TimeSpan.FromMilliseconds(9), MinimumTimeout = new(20_000) }),
            ("CycleTime", Default with { CycleTime = TimeSpan.FromHours(2) }),
            ("CyclesPerEpoch", Default with { CyclesPerEpoch = 3, SettleCycles = 0 }),
            ("SettleCycles", Default with { SettleCycles = 15 }),
            ("Tries", Default with { Tries = 0 }),
            ("MinimumTimeout", Default with { MinimumTimeout = TimeSpan.FromSeconds(2) }),
            ("Leaders", Default with { Leaders = 33 }),
            ("LeaderCapacity", Default with { LeaderCapacity = 65 }),
            ("FirstSizeGuess", Default with { FirstSizeGuess = 0.5 }),
            ("FirstSizeGuess", Default with { FirstSizeGuess = double.NaN }),
            ("MaximumEpochJump", Default with { MaximumEpochJump = 0 }),
            ("MaximumDefinitions", Default with { MaximumDefinitions = 257 }),
            ("ExpiryEpochs", Default with { ExpiryEpochs = 0 }),
            ("TournamentCycles", Default with { TournamentCycles = 11 }),
            ("FlowUpdating.Capacity", Default with { FlowUpdating = new() { Capacity = 33 } }),
            ("FlowUpdating.Neighbours", Default with { FlowUpdating = new() { Neighbours = 13 } }),
            ("FlowUpdating.FailureTries", Default with { FlowUpdating = new() { FailureTries = 1 } }),
            ("FlowUpdating.MixCycles", Default with { FlowUpdating = new() { MixCycles = 3 } }),
            ("FlowUpdating.SettleExchanges", Default with { FlowUpdating = new() { SettleExchanges = 0 } }),
        ];
        Assert.All(wrong, w => Assert.StartsWith(w.Name, Assert.Single(AggregationValidation.Errors(w.Options))));
        Assert.All(wrong, w => Assert.Throws<ArgumentException>(() => new AggregationProtocol(w.Options, null, null)));
    }
}
