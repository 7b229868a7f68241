using Hearsay.Protocols.Neighbours;

namespace Hearsay.Protocols.Tests.Neighbours;

/// <summary>The one place where options are checked.</summary>
public sealed class OptionTests
{
    private static readonly NeighbourOptions Sound = new();

    public static TheoryData<string, NeighbourOptions> Wrong => new()
    {
        { "ActiveSize", Sound with { ActiveSize = 1 } },
        { "ActiveSize", Sound with { ActiveSize = 33 } },
        { "PassiveSize", Sound with { PassiveSize = 0 } },
        { "JoinWalk", Sound with { JoinWalk = 17 } },
        { "PassiveWalk", Sound with { PassiveWalk = 7 } },
        { "ShuffleWalk", Sound with { ShuffleWalk = 0 } },
        { "ShuffleActive", Sound with { ShuffleActive = 9 } },
        { "ShufflePassive", Sound with { ShufflePassive = -1 } },
        { "SampledPerShuffle", Sound with { SampledPerShuffle = 9 } },
        { "ProbeTries", Sound with { ProbeTries = 9 } },
        { "RequestTries", Sound with { RequestTries = 0 } },
        { "ShufflePeriod", Sound with { ShufflePeriod = TimeSpan.Zero } },
        { "HeartbeatPeriod", Sound with { HeartbeatPeriod = TimeSpan.FromHours(1) } },
        { "RefillPeriod", Sound with { RefillPeriod = TimeSpan.Zero } },
        { "MixPeriod", Sound with { MixPeriod = TimeSpan.Zero } },
        { "MaximumTimeout", Sound with { MaximumTimeout = TimeSpan.FromHours(1) } },
        { "MinimumTimeout", Sound with { MinimumTimeout = TimeSpan.FromSeconds(1) } },
        { "SuspectAfter", Sound with { SuspectAfter = TimeSpan.FromSeconds(2) } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_option_is_named_with_its_range(string name, NeighbourOptions options)
    {
        var error = Assert.Single(NeighbourValidation.Errors(options));
        Assert.StartsWith($"{name} must be from ", error, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new NeighboursProtocol(options));
    }

    [Fact]
    public void The_defaults_are_sound() => Assert.Empty(NeighbourValidation.Errors(Sound));
}
