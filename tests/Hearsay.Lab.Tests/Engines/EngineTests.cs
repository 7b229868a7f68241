using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;

namespace Hearsay.Lab.Tests.Engines;

/// <summary>The engines behind the experiments, and the options that choose among them.</summary>
public sealed class EngineTests
{
    private static readonly PeerSamplingOptions s_tailSwapper =
        PeerSamplingOptions.Swapper with { Selection = PeerSelection.Tail };

    [Theory]
    [InlineData("random")]
    [InlineData("lattice")]
    [InlineData("star")]
    [InlineData("chain")]
    [InlineData("growing")]
    public async Task Whole_nodes_reach_one_component_from_every_start(string start)
    {
        var result = await Run(
            "overlay", "--engine", "event", "--nodes", "100", "--cycles", "25", "--start", start, "--joins-per-cycle",
            "10", "--latency-ms", "1..20");
        var last = result.GetProperty("results").EnumerateArray().Last();
        Assert.Equal(100, last.GetProperty("nodes").GetInt32());
        Assert.Equal(1, last.GetProperty("components").GetInt32());
        Assert.InRange(last.GetProperty("meanViewSize").GetDouble(), 28, 30);
        Assert.Equal("on", result.GetProperty("parameters").GetProperty("evict").GetString());
        Assert.Empty(result.GetProperty("claims").EnumerateArray());
        Assert.True(result.GetProperty("summary").GetProperty("exchanges").GetInt64() > 500);
    }

    [Fact]
    public async Task Whole_nodes_forget_the_dead_by_themselves()
    {
        var result = await Run(
            "heal", "--engine", "event", "--nodes", "150", "--healing", "3", "--warmup", "15", "--cycles", "20");
        var summary = result.GetProperty("summary");
        Assert.Equal(75, summary.GetProperty("killed").GetInt32());
        Assert.True(summary.GetProperty("deadLinksAtCrash").GetInt32() > 1_000);
        Assert.Equal(0, summary.GetProperty("deadLinksAtEnd").GetInt32());
    }

    [Theory]
    [InlineData("bulk")]
    [InlineData("event")]
    public async Task Lost_messages_are_exchanges_that_do_not_happen(string engine)
    {
        async Task<long> Exchanges(string loss) => (await Run(
            "overlay", "--engine", engine, "--nodes", "100", "--cycles", "20", "--evict", "on", "--tries", "1",
            "--loss", loss)).GetProperty("summary").GetProperty("exchanges").GetInt64();
        Assert.InRange(await Exchanges("0.3"), 0.3 * await Exchanges("0"), 0.85 * await Exchanges("0"));
    }

    [Fact]
    public async Task A_delay_as_long_as_the_time_out_stops_all_exchanges()
    {
        var result = await Run(
            "overlay", "--engine", "event", "--nodes", "30", "--cycles", "10", "--latency-ms", "2000");
        Assert.Equal(0, result.GetProperty("summary").GetProperty("exchanges").GetInt64());
    }

    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("20", 20, 20)]
    [InlineData("5..80", 5, 80)]
    [InlineData("0.5..1.5", 0.5, 1.5)]
    public void Delays_are_a_number_or_a_range(string text, double least, double most) =>
        Assert.Equal(
            new LatencyRange(TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most)),
            LatencyRange.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("80..5")]
    [InlineData("1..2..3")]
    [InlineData("..5")]
    [InlineData("-1")]
    [InlineData("60001")]
    [InlineData("NaN")]
    public void Other_delays_are_refused(string text) =>
        Assert.Throws<LabUsageException>(() => LatencyRange.Parse(text));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_node_can_be_killed_by_any_engine(bool plain)
    {
        var options = new CycleOptions { Rules = PeerSamplingOptions.Healer.ToRules(), Seed = 3 };
        using ICycleEngine engine = plain ? new CycleRunner(options, 100) : EngineFactory.Create(options, 100);
        engine.KillNode(7);
        engine.KillNode(7);
        Assert.Equal((99, false, true), (engine.LiveCount, engine.IsAlive(7), engine.CountDeadLinks() > 0));
        engine.Run(20);
        Assert.Equal(0, engine.CountDeadLinks());
        Assert.True(engine.StateBytes > 100 * 30 * 6);
    }

    [Fact]
    public void The_state_of_whole_nodes_is_counted_and_not_measured()
    {
        long StateOf(int nodes, int cycles)
        {
            var options = new EventOptions(4, LatencyRange.Parse("1..5"));
            using var engine = new EventEngine(PeerSamplingOptions.Recommended, options, nodes, OverlayStart.Random);
            engine.Run(cycles);
            return engine.StateBytes;
        }

        var bytes = StateOf(100, 0);
        Assert.Equal(2 * bytes, StateOf(200, 0));
        Assert.InRange(bytes / 100, 30 * 6, 32 * 1024);

        // Tables that grow with use, by doubling, are in it from then on: not every node has as large ones.
        var used = StateOf(100, 5);
        Assert.Equal(used, StateOf(100, 5));
        Assert.InRange(used, bytes, bytes * 1.02);
        Assert.InRange(StateOf(200, 5), 2 * used * 0.999, 2 * used * 1.001);
    }

    [Fact]
    public void Without_eviction_a_dead_partner_stays_and_with_it_it_leaves()
    {
        long DeadLinks(bool evicts)
        {
            using var engine = EngineFactory.Create(
                new CycleOptions { Rules = s_tailSwapper.ToRules(), Tries = 1, Evicts = evicts }, 300);
            engine.Run(10);
            engine.Kill(0.5);
            engine.Run(20);
            return engine.CountDeadLinks();
        }

        var (with, without) = (DeadLinks(evicts: true), DeadLinks(evicts: false));

        // Evicted entries come back from others, so half are left; without eviction the oldest is tried for ever.
        Assert.True(without > 2_000 && with < 0.7 * without, $"{with} and {without}");
    }

    private static async Task<System.Text.Json.JsonElement> Run(string experiment, params string[] options)
    {
        var (code, output, error) = await LabCli.RunAsync(["run", experiment, .. options, "--json"]);
        Assert.True(code == 0, error);
        return LabCli.Parse(output);
    }
}
