using Hearsay.Playground.Recording;

namespace Hearsay.Playground.Tests.Scenes;

public sealed class CountingTests
{
    [Fact]
    public void A_count_is_of_those_who_were_there_when_the_epoch_began_and_the_next_one_of_those_who_are_left()
    {
        var half = string.Join(',', Enumerable.Range(0, 20));
        var link = $"scene=averaging&seed=1&shows=count&leaders=9&cycles=15&do=crash@9000:{half}&t=";
        var (before, after) = (Replayed.Metrics(link + "8900"), Replayed.Metrics(link + "11000"));
        Assert.InRange(before.GetProperty("counted so far").GetDouble(), 39, 41);
        Assert.InRange(after.GetProperty("counted so far").GetDouble(), 36, 44);
        Assert.InRange(after.GetProperty("estimated size").GetDouble(), 36, 44);
        var next = Replayed.Metrics(link + "50000");
        Assert.InRange(next.GetProperty("estimated size").GetDouble(), 19, 21);
    }

    [Fact]
    public void Colours_show_the_count_where_the_reader_asks_for_it()
    {
        Assert.Null(PlayRun.Open("scene=averaging&seed=1&b.shows=count", out var run));
        Assert.Null(run!.RunUntil(Instant.Zero + TimeSpan.FromSeconds(14)));
        Assert.All(Enumerable.Range(0, 40), node =>
        {
            Assert.InRange(Colour(run, 1, node), 38, 42);
            Assert.NotEqual(Colour(run, 0, node), Colour(run, 1, node));
        });
        Assert.Equal(run.Worlds[0].Network.TraceHash, run.Worlds[1].Network.TraceHash);
    }

    private static float Colour(PlayRun run, int side, int node)
    {
        var numbers = new FrameWriter();
        run.Worlds[side].WriteValues(node, numbers);
        return numbers.FloatAt(0);
    }
}
