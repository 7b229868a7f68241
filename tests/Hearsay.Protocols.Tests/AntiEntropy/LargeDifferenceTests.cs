using System.Globalization;
using System.Text;
using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.Tests.AntiEntropy;

/// <summary>
/// What it costs to bring a node that lacks much of a large map up to date, over links of 1 to 5 ms that lose nothing.
/// </summary>
public sealed class LargeDifferenceTests
{
    private const int Entries = 100_000;

    private readonly MapNet _net = new(2, seed: 31, options: new MapOptions());
    private long _rowBytes;

    [Fact, Campaign]
    public void A_node_without_anything_gets_all_in_one_exchange_for_the_bytes_of_the_rows()
    {
        _net.Network.Kill(_net.Network.Nodes[1]);
        Fill(0, Entries);
        _net.Restart(1, keepsStore: false);
        Measure("nothing");
        Assert.Equal(1, _net.Counters(1).SnapshotExchanges);
        Assert.InRange(_net.Counters(1).BytesReceived, _rowBytes, 1.01 * _rowBytes);
    }

    [Fact, Campaign]
    public void A_node_that_was_away_gets_what_was_written_meanwhile_and_no_more()
    {
        Fill(0, Entries / 2);
        _net.Until(() => _net.IsEqual());
        _net.Network.Kill(_net.Network.Nodes[1]);
        _rowBytes = 0;
        Fill(Entries / 2, Entries);
        _net.Restart(1, keepsStore: true);
        Measure("half, trusted");
        Assert.Equal(1, _net.Counters(1).ContextExchanges);
        Assert.Equal(Entries / 2, _net.Counters(1).RowsReceived);

        // Each row, and the dot that is at its path.
        Assert.InRange(_net.Counters(1).BytesReceived, _rowBytes, 2 * _rowBytes);
    }

    [Fact, Campaign]
    public void A_damaged_node_gets_what_it_lacks_and_eight_bytes_for_every_row_beside()
    {
        Fill(0, Entries / 2);
        _net.Until(() => _net.IsEqual());
        _net.Network.Kill(_net.Network.Nodes[1]);
        _rowBytes = 0;
        Fill(Entries / 2, Entries);
        var store = _net.Stores[1].Of(MapNet.Map);
        store.Change(store.Rows.Keys.First());
        _net.Restart(1, keepsStore: true);
        Measure("half and one, not trusted");
        Assert.Equal(1, _net.Counters(1).DigestExchanges);
        Assert.Equal((Entries / 2) + 1, _net.Counters(1).RowsReceived);
        Assert.InRange(
            _net.Counters(1).BytesReceived, _rowBytes + (8L * Entries), (1.02 * _rowBytes) + (9L * Entries));
    }

    private void Fill(int first, int last)
    {
        for (; first < last; first += ReplicaOptions.MostChanges)
        {
            MapChange[] changes =
            [
                .. Enumerable.Range(first, Math.Min(ReplicaOptions.MostChanges, last - first)).Select(i =>
                    MapChange.Set(MapNet.Path($"key {i}"), RowKind.Register, Encoding.UTF8.GetBytes($"value of {i}"))),
            ];
            Assert.Equal(WriteOutcome.Committed, _net.Write(0, changes));
            foreach (var change in changes)
            {
                var row = _net.Replica(0).RowsOf(change.Path)[0];
                Assert.True(_net.Replica(0).TryRead(row.Claim, out var read));
                _rowBytes += RowCodec.BytesOf(read);
            }
        }
    }

    private void Measure(string what)
    {
        var before = _net.Counters(1).BytesReceived;
        var seconds = _net.Until(() => _net.IsEqual(), step: 0.01);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {_net.Counters(1).BytesReceived - before:N0} bytes for {_rowBytes:N0} of rows, equal after "
            + $"{seconds:0.00} s"));
    }
}
