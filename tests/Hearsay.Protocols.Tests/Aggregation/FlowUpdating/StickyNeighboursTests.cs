using Hearsay.Protocols.Aggregation.FlowUpdating;

namespace Hearsay.Protocols.Tests.Aggregation.FlowUpdating;

public sealed class StickyNeighboursTests
{
    [Fact]
    public void Each_neighbour_has_one_turn_in_every_round()
    {
        var (links, random) = (With(7), new SeededRandom(1));
        var rounds = Enumerable.Range(0, 50)
            .Select(_ => Enumerable.Range(0, 7).Select(_ => links.NextTurn(ref random)).ToArray()).ToArray();
        Assert.All(rounds, round => Assert.Equal(Enumerable.Range(0, 7), round.Order()));
        Assert.True(rounds.Select(round => string.Join(' ', round)).Distinct().Count() > 40, "The order is random.");
    }

    [Fact]
    public void Who_comes_within_a_round_has_its_turn_in_it_and_who_is_only_probed_has_none()
    {
        var (links, random) = (With(3), new SeededRandom(1));
        links.NextTurn(ref random);
        links.NextTurn(ref random);
        var fresh = links.Add(PeerOf(9), 0);
        links[links.Add(PeerOf(10), 0)].IsProbed = true;
        var rest = new[] { links.NextTurn(ref random), links.NextTurn(ref random) };
        Assert.Contains(fresh, rest);
        Assert.Equal(
            Enumerable.Range(0, 4), Enumerable.Range(0, 4).Select(_ => links.NextTurn(ref random)).Order());
    }

    [Fact]
    public void Without_neighbours_nobody_has_a_turn()
    {
        var random = new SeededRandom(1);
        Assert.Equal(-1, new StickyNeighbours(4).NextTurn(ref random));
        var links = With(1);
        links[0].IsProbed = true;
        Assert.Equal(-1, links.NextTurn(ref random));
    }

    private static StickyNeighbours With(int count)
    {
        var links = new StickyNeighbours(12);
        for (var i = 0; i < count; i++)
        {
            links.Add(PeerOf(i), 0);
        }

        return links;
    }

    private static Peer PeerOf(int i) => new(new NodeId(1, (ulong)i + 1), default, 0, 0, null);
}
