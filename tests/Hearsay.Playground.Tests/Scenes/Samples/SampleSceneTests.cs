using Hearsay.Playground.Recording;
using Hearsay.Playground.Scenes.Samples;

namespace Hearsay.Playground.Tests.Scenes.Samples;

public sealed class SampleSceneTests
{
    private const int Queue = 3;
    private const int Lamp = 4;

    [Fact]
    public void Draws_empty_the_queue_of_a_node_then_its_lamp_lights_and_exchanges_refill_the_queue()
    {
        var run = Open("scene=random&seed=1", 5000);
        var before = Values(run, 0);
        Assert.InRange(before[Queue], 20, 100);
        Assert.Equal(0, before[Lamp]);
        Assert.InRange(UsedUp(run, 0), 0, 8);

        Assert.Null(run.Act("draw", ":0*5"));
        var once = Values(run, 0);
        Assert.True(once[Queue] < before[Queue]);
        Assert.Null(run.Act("draw", ":0*6"));
        var twice = Values(run, 0);
        Assert.Equal(0, twice[Queue]);
        Assert.Equal(1, twice[Lamp]);
        Assert.Equal(10, UsedUp(run, 0));
        Assert.Equal(0, Values(run, 1)[Lamp]);

        Assert.Null(run.RunUntil(At(9000)));
        Assert.InRange(Values(run, 0)[Queue], 1, 100);
        Assert.InRange(UsedUp(run, 0), 0, 9);
    }

    [Fact]
    public void All_draw_at_once_where_nobody_is_selected()
    {
        var run = Open("scene=random&seed=1&b.policy=ideal", 5000);
        var before = Draws(run, 1).Draws;
        Assert.Null(run.Act("draw", "*5"));
        Assert.Equal(before + 200, Draws(run, 1).Draws);
        Assert.Equal(Draws(run, 0).Draws, Draws(run, 1).Draws);
    }

    [Fact]
    public void The_matrix_holds_every_draw_and_an_ideal_source_is_as_uneven_as_chance()
    {
        var run = Open("scene=random&seed=1&b.policy=ideal", 60_000);
        double[] spreads = [Spread(run, 0), Spread(run, 1)];
        Assert.InRange(spreads[1], 0.9, 1.1);
        Assert.InRange(spreads[0], 0, 0.9);
        Assert.All(Enumerable.Range(0, 40), node =>
        {
            Assert.Equal(0, Row(run, 0, node)[node]);
            Assert.Equal(Draws(run, 0).Own(node).Draws, Row(run, 0, node).Sum());
        });
    }

    [Fact]
    public void A_source_without_a_queue_shows_none()
    {
        var run = Open("scene=random&seed=1&b.policy=ideal", 5000);
        Assert.True(double.IsNaN(Values(run, 0, side: 1)[Queue]));
        var numbers = new FrameWriter();
        run.Worlds[1].WriteLinks(0, numbers);
        Assert.All(numbers.Numbers.ToArray(), static link => Assert.True(link >= 0));
    }

    [Fact]
    public void Draws_are_part_of_the_trace_hash() => Assert.NotEqual(
        Open("scene=random&seed=1&rate=2", 5000).TraceHash, Open("scene=random&seed=1&rate=10", 5000).TraceHash);

    [Fact]
    public void A_large_network_has_no_matrix()
    {
        var run = Open("scene=random&seed=1&nodes=120", 1000);
        Assert.Equal(0, run.Worlds[0].WriteRow(0, new FrameWriter()));
    }

    private static DrawRecord Draws(PlayRun run, int side) => ((SampleWorld)run.Worlds[side]).Draws;

    private static float[] Values(PlayRun run, int node, int side = 0)
    {
        var numbers = new FrameWriter();
        run.Worlds[side].Recorder.NoteAddresses();
        run.Worlds[side].WriteValues(node, numbers);
        return [.. Enumerable.Range(0, numbers.Count).Select(numbers.FloatAt)];
    }

    /// <summary>How many of a node's entries are marked as given.</summary>
    private static int UsedUp(PlayRun run, int node)
    {
        var numbers = new FrameWriter();
        run.Worlds[0].Recorder.NoteAddresses();
        Assert.Equal(10, run.Worlds[0].WriteLinks(node, numbers));
        return numbers.Numbers.ToArray().Count(static link => link < 0);
    }

    private static int[] Row(PlayRun run, int side, int node)
    {
        var numbers = new FrameWriter();
        Assert.Equal(20, run.Worlds[side].WriteRow(node, numbers));
        return [.. numbers.Numbers.ToArray().SelectMany(static two => new[] { two & ushort.MaxValue, two >>> 16 })];
    }

    /// <summary>χ² of the draws of all pairs of different nodes, over its degrees of freedom.</summary>
    private static double Spread(PlayRun run, int side)
    {
        var counts = Enumerable.Range(0, 40)
            .SelectMany(from => Row(run, side, from).Where((_, to) => to != from)).ToList();
        var mean = counts.Average();
        return counts.Sum(count => (count - mean) * (count - mean) / mean) / (counts.Count - 1);
    }

    private static Instant At(double milliseconds) => Instant.Zero + TimeSpan.FromMilliseconds(milliseconds);

    private static PlayRun Open(string link, double milliseconds)
    {
        Assert.Null(PlayRun.Open(link, out var run));
        Assert.Null(run!.RunUntil(At(milliseconds)));
        return run;
    }
}
