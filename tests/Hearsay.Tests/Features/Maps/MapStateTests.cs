using CsCheck;
using Hearsay.Features.Maps;
using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Tests.Features.Maps;

public sealed class MapStateTests
{
    private static readonly Gen<string> s_key = Gen.Char["ab\0"].Array[1, 4].Select(static text => new string(text));

    [Fact]
    public void Keys_with_a_prefix_after_a_key_are_those_that_a_look_at_all_keys_finds() =>
        Gen.Select(s_key.Array[0, 40], Gen.Char["ab\0"].Array[0, 2], s_key).Sample((keys, text, after) =>
        {
            var prefix = new string(text);
            var expected = keys.Distinct().Order(StringComparer.Ordinal)
                .Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
            var snapshot = new MapSnapshot(Of(keys), 0);
            Assert.Equal(expected, snapshot.Entries(prefix).Select(static entry => entry.Key));
            Assert.Equal(
                expected.Where(key => string.CompareOrdinal(key, after) > 0),
                snapshot.Entries(prefix, after).Select(static entry => entry.Key));
        });

    /// <summary>To skip keys one by one took some 80 bytes for each of them.</summary>
    [Fact]
    public void A_page_costs_what_it_returns_wherever_it_begins()
    {
        var snapshot = new MapSnapshot(Of([.. Enumerable.Range(0, 20_000).Select(static i => $"key {i:00000}")]), 0);
        Assert.Equal(10, snapshot.Entries("key", "key 19000").Take(10).Count());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var page = snapshot.Entries("key", "key 19000").Take(10).ToArray();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(("key 19001", "key 19010"), (page[0].Key, page[^1].Key));
        Assert.InRange(allocated, 0, 4_096);
    }

    private static MapState Of(string[] keys) => MapState.Empty.With(
        keys.Distinct().Select(static (key, i) => new MapEntry(MapKeys.Path(key), key, new MapRow(
            MapKeys.Path(key), new Dot(new EpochId(new NodeId(0, 1), 1), (ulong)i + 1), RowKind.Register, 0, 0, true,
            default))), 0, 0);
}
