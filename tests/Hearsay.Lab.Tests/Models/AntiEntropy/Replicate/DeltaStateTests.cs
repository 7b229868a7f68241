using Hearsay.Lab.Models.AntiEntropy.Replicate;
using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Lab.Tests.Models.AntiEntropy.Replicate;

public sealed class DeltaStateTests
{
    private static readonly RowPath s_path = RowPath.Of("k"u8);

    [Fact]
    public void Deltas_join_to_the_same_in_any_order_and_any_number()
    {
        var (writer, deltas) = (new DeltaState(), new List<MapDelta>());
        for (ulong i = 1; i <= 5; i++)
        {
            deltas.Add(writer.DeltaOf(MapChange.Set(s_path, RowKind.Register, new[] { (byte)i }), DotOf(i), i));
            writer.Join(deltas[^1]);
        }

        var other = new DeltaState();
        foreach (var delta in deltas.AsEnumerable().Reverse().Concat(deltas))
        {
            other.Join(delta);
        }

        Assert.Equal([5], other.RowsOf(s_path).Single().Value.ToArray());
        Assert.Equal(writer.Seen, other.Seen);
        Assert.Equal(writer.Rows, other.Rows);
    }

    [Fact]
    public void What_a_join_returns_is_what_was_new_and_does_the_same_elsewhere()
    {
        var (one, third) = (new DeltaState(), new DeltaState());
        var first = one.DeltaOf(MapChange.Set(s_path, RowKind.Register, new byte[] { 1 }), DotOf(1), 1);
        one.Join(first);
        third.Join(first);
        var second = one.DeltaOf(MapChange.Set(s_path, RowKind.Register, new byte[] { 2 }), DotOf(2), 2);
        var news = one.Join(second);
        Assert.True(one.Join(second).IsEmpty);
        Assert.True(one.Join(first).IsEmpty);
        third.Join(news);
        Assert.Equal(one.Rows, third.Rows);
        Assert.Equal(one.Seen, third.Seen);
    }

    private static Dot DotOf(ulong sequence) => new(new EpochId(new NodeId(0, 1), 1), sequence);
}
