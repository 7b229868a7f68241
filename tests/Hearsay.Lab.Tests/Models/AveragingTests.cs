using Hearsay.Lab.Engines;
using Hearsay.Lab.Models;

namespace Hearsay.Lab.Tests.Models;

/// <summary>Averaging tells a good sampler from a bad one.</summary>
public sealed class AveragingTests
{
    [Fact]
    public void With_ideal_partners_the_variance_shrinks_by_the_factor_of_theory() =>
        Assert.Equal(0.3033, Averaging.Factor(null, 5_000, 15, seed: 1), 0.01);

    [Fact]
    public void Control_on_a_ring_it_shrinks_far_slower()
    {
        using var lattice = EngineFactory.Create(
            PeerSamplingOptions.Healer.WithViewSize(4), 2_000, 1, OverlayStart.Lattice);
        Assert.True(Averaging.Factor(lattice, 2_000, 10, seed: 1) > 0.4);
    }
}
