using CsCheck;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.States;

namespace Hearsay.Protocols.Tests.Aggregation.States;

public sealed class LeaderMapTests
{
    [Fact]
    public void An_exchange_conserves_every_leader_that_both_keep() =>
        Gen.Select(Gen.UInt[1, 40].Array[0, 12], Gen.UInt[1, 40].Array[0, 12]).Sample((left, right) =>
        {
            var (asking, asked) = (Make(left, 32), Make(right, 32));
            var before = Total(asking, asked);
            Exchange(asking, asked, 1200);
            Assert.Equal(before.Keys, Total(asking, asked).Keys);
            Assert.All(Total(asking, asked), pair => Assert.Equal(before[pair.Key], pair.Value, 1e-12));
            Assert.Equal(asking.Keys, asked.Keys);
            Assert.Equal(asking.Values.ToArray(), asked.Values.ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
        });

    [Fact]
    public void Of_too_many_leaders_all_nodes_keep_the_same_with_their_whole_mass()
    {
        var random = new SeededRandom(5);
        var maps = Enumerable.Range(1, 50).Select(i => Make([(uint)i], 8)).ToArray();
        for (var i = 0; i < 50 * 40; i++)
        {
            var (a, b) = (random.Below(50), random.Below(50));
            if (a != b)
            {
                Exchange(maps[a], maps[b], 1200);
            }
        }

        Assert.All(maps, m => Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], m.Keys.ToArray()));
        Assert.All(Total(maps), pair => Assert.Equal(1, pair.Value, 1e-12));
        Assert.All(maps, m => Assert.Equal(50, m.Estimate().Size, 1e-3));
        Assert.All(maps, m => Assert.True(m.TurnedAway > 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(61)]
    public void An_answer_that_must_be_short_conserves_mass_too(int room)
    {
        var (asking, asked) = (Make([1, 5, 9], 32), Make([2, 5, 7, 8], 32));
        var before = Total(asking, asked);
        Exchange(asking, asked, room);
        Assert.All(Total(asking, asked), pair => Assert.Equal(before[pair.Key], pair.Value, 1e-12));
    }

    [Fact]
    public void Malformed_maps_are_refused_and_change_nothing() => Gen.Byte.Array[0, 100].Sample(bytes =>
    {
        var map = Make([1, 5, 9], 8);
        var request = new WireReader(bytes);
        var answer = new WireReader(bytes);
        var writer = new WireWriter(new byte[200]);
        if (!map.TryAnswer(ref request, ref writer))
        {
            Assert.Equal(0, writer.Position);
            Assert.Equal([1, 1, 1], map.Values.ToArray());
        }

        map = Make([1, 5, 9], 8);
        if (!map.TryApply(ref answer))
        {
            Assert.Equal([1, 1, 1], map.Values.ToArray());
        }

        Assert.InRange(map.Count, 0, 8);
        Assert.All(map.Values.ToArray(), v => Assert.True(double.IsFinite(v)));
    });

    [Theory]
    [InlineData(5u, 5u)]
    [InlineData(6u, 5u)]
    public void A_leader_that_stands_twice_or_out_of_order_is_refused(uint first, uint second)
    {
        var bytes = new byte[25];
        var writer = new WireWriter(bytes);
        writer.WriteByte(2);
        writer.WriteUInt32(first);
        writer.WriteDouble(1);
        writer.WriteUInt32(second);
        writer.WriteDouble(1);
        var reader = new WireReader(bytes);
        var answer = new WireWriter(new byte[100]);
        Assert.False(Make([5], 8).TryAnswer(ref reader, ref answer));
    }

    private static LeaderMap Make(uint[] keys, int capacity)
    {
        var map = new LeaderMap(capacity);
        foreach (var key in keys.Distinct())
        {
            map.Lead(key);
        }

        return map;
    }

    private static void Exchange(LeaderMap asking, LeaderMap asked, int room)
    {
        var request = new WireWriter(new byte[1200]);
        asking.Write(ref request);
        var answer = new WireWriter(new byte[room]);
        var reader = new WireReader(request.Written);
        if (asked.TryAnswer(ref reader, ref answer))
        {
            var back = new WireReader(answer.Written);
            Assert.True(asking.TryApply(ref back));
        }
    }

    private static SortedDictionary<uint, double> Total(params LeaderMap[] maps)
    {
        var total = new SortedDictionary<uint, double>();
        foreach (var map in maps)
        {
            for (var i = 0; i < map.Count; i++)
            {
                total[map.Keys[i]] = total.GetValueOrDefault(map.Keys[i]) + map.Values[i];
            }
        }

        return total;
    }
}
