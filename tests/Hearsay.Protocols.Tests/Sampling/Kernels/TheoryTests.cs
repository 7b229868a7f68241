using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Sampling.Kernels;

/// <summary>
/// The whole node, with encoding, delays, time-outs and overlapping exchanges, makes the overlay that its kernels make
/// in an ideal synchronous run. (The same with real sockets is the campaign "theory" of the benchmarks.)
/// </summary>
public sealed class TheoryTests
{
    private const int Nodes = 200;
    private const int ViewSize = 20;
    private const int WarmUpCycles = 40;
    private const int Cycles = 50;

    [Theory]
    [InlineData("blind")]
    [InlineData("healer")]
    [InlineData("swapper")]
    [InlineData("recommended")]
    [InlineData("cyclon")]
    [Campaign]
    public void Whole_nodes_equal_the_cycle_engine(string preset)
    {
        var (live, theory) = (Live(preset), Theory(preset));
        Assert.InRange(live.Deviation / theory.Deviation, 0.9, 1.1);
        Assert.InRange(live.Clustering / theory.Clustering, 0.9, 1.1);
    }

    [Fact]
    [Campaign]
    public void Another_protocol_is_told_apart() =>
        Assert.NotInRange(Live("swapper").Deviation / Theory("healer").Deviation, 0.9, 1.1);

    private static (double Deviation, double Clustering) Live(string preset)
    {
        var measured = new List<OverlayMetrics>();
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var network = Swarm.Start(Nodes, Options(preset), new VirtualNetworkOptions { Seed = seed }, WarmUpCycles);
            var index = network.Nodes.ToDictionary(node => node.Core.Self.Id, node => node.Index);
            for (var cycle = 0; cycle < Cycles; cycle++)
            {
                network.Run(Swarm.Second);
                var views = network.Nodes.Select(node => node.View().Select(peer => index[peer.Id]).ToArray());
                measured.Add(OverlayMetrics.Measure(OverlayGraph.FromViews([.. views]), pathSources: 1));
            }
        }

        return Mean(measured);
    }

    private static (double Deviation, double Clustering) Theory(string preset)
    {
        var measured = new List<OverlayMetrics>();
        for (ulong seed = 1; seed <= 5; seed++)
        {
            var options = new CycleOptions { Rules = Options(preset).ToRules(), Seed = seed };
            var engine = new CycleRunner(options, Nodes, OverlayStart.Random);
            engine.Run(WarmUpCycles);
            for (var cycle = 0; cycle < Cycles; cycle++)
            {
                engine.Run(1);
                measured.Add(OverlayMetrics.Measure(engine.Snapshot(), pathSources: 1));
            }
        }

        return Mean(measured);
    }

    private static PeerSamplingOptions Options(string preset)
    {
        PeerSamplingOptions.TryGetPreset(preset, out var options);
        return options.WithViewSize(ViewSize);
    }

    private static (double Deviation, double Clustering) Mean(List<OverlayMetrics> measured) =>
        (measured.Average(metrics => metrics.InDegreeDeviation), measured.Average(metrics => metrics.Clustering));
}
