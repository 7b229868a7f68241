using Hearsay.Features.Maps;
using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Tests.Features.Maps;

public sealed class MapEntryTests
{
    private static readonly RowPath s_path = RowPath.Of("k"u8);

    [Fact]
    public void Its_value_is_the_latest_of_the_concurrent_ones_and_not_of_a_field()
    {
        var (early, late) = (Value(s_path, 1, stamp: 5, [1]), Value(s_path, 2, stamp: 6, [2]));
        var field = Value(MapKeys.Field("k", "f"), 3, stamp: 9, [3]);
        var entry = new MapEntry(s_path, "k", [early, field, late]);
        Assert.Equal([2], entry.Bytes.ToArray());
        Assert.Equal([[2], [1]], entry.Values.Select(static value => value.ToArray()));
        Assert.Equal([3], entry.Fields.Single().Bytes.ToArray());
        Assert.Equal(0, new MapEntry(s_path, "k", field).Bytes.Length);
        Assert.False(new MapEntry(s_path, "k", field).HasValue);
    }

    [Fact]
    public void Of_one_row_it_is_the_same_whichever_way_it_is_made()
    {
        var row = Value(s_path, 1, stamp: 5, [7, 8]) with { Expiry = 77 };
        var (one, other) = (new MapEntry(s_path, "k", row), new MapEntry(s_path, "k", [row]));
        Assert.Equal((other.SizeBytes, other.Expiry, other.Version), (one.SizeBytes, one.Expiry, one.Version));
        Assert.Equal(other.Bytes, one.Bytes);
        Assert.Equal(other.Rows, one.Rows);
        Assert.Null(one.At(77));
        Assert.Same(one, one.At(76));
        Assert.True(one.With([row.ToEntry(0).Claim], []).IsEmpty);
    }

    [Theory]
    [InlineData(ulong.MaxValue, 0, long.MaxValue)]
    [InlineData(0, ulong.MaxValue, long.MinValue)]
    [InlineData(ulong.MaxValue, ulong.MaxValue - 5, 10)]
    public void A_counter_shows_its_sum_or_the_nearest_number_of_64_bits(ulong added, ulong subtracted, long shown)
    {
        var share = new CounterShare(added, subtracted).ToBytes();
        MapRow Share(byte writer) => new(
            s_path.Child([writer]), DotOf(writer), RowKind.Share, 0, 0, true, share);
        Assert.Equal(shown, new MapEntry(s_path, "k", [Share(1), Share(2)]).Count);
    }

    private static MapRow Value(RowPath path, ulong writer, ulong stamp, byte[] value) =>
        new(path, DotOf(writer), RowKind.Register, stamp, 0, true, value);

    private static Dot DotOf(ulong writer) => new(new EpochId(new NodeId(0, writer), 1), 1);
}
