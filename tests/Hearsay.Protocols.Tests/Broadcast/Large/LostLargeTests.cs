using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Transfer;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast.Large;

/// <summary>Whatever makes a node give up a large message for good: who waits for it is told, once.</summary>
public sealed class LostLargeTests
{
    private const int Origin = 50;

    [Fact]
    public void That_it_is_too_large_for_this_node_is_told_at_once()
    {
        var rig = Rig();
        rig.Push(1, Manifest(7, 2_000_000));
        AssertLost(rig, 7);
        Assert.Equal((1L, 1L), (rig.Counters.LargeRefused, rig.Counters.LargeLost));
    }

    [Fact]
    public void That_nobody_sent_it_is_told_when_nobody_holds_it_any_more()
    {
        var rig = Rig();
        rig.Push(1, Manifest(1, 100_000));
        rig.Advance(58_000);
        Assert.Empty(rig.Lost);
        Assert.InRange(rig.Counters.LargeExpired, 1, 2);
        rig.Advance(60_000);
        AssertLost(rig, 1);
    }

    [Fact]
    public void That_something_of_it_came_changes_nothing()
    {
        var rig = Rig();
        var manifest = Manifest(1, 100_000);
        rig.Push(1, manifest);
        rig.Receive(1, BroadcastFrame.Chunk, [.. Names(IdOf(manifest)), 0, 0, .. new byte[10_000]]);
        rig.Advance(120_000);
        AssertLost(rig, 1);
    }

    [Fact]
    public void Those_that_found_no_place_and_waited_too_long_are_told()
    {
        var rig = Rig();
        for (ulong sequence = 1; sequence <= 600; sequence++)
        {
            rig.Push(1, Manifest(sequence, 20_000));
        }

        // 256 are being received, 256 wait to be tried again, the oldest of the others are lost.
        Assert.Equal(Enumerable.Range(1, 600 - 512), rig.Lost.Select(one => (int)one.Sequence));
        rig.Advance(120_000);
        Assert.Equal(Enumerable.Range(1, 600), rig.Lost.Select(one => (int)one.Sequence).Order());
        Assert.Equal(600, rig.Counters.LargeLost);
        Assert.Equal(600, rig.Lost.DistinctBy(one => one.Id).Count());
    }

    [Fact]
    public void Those_that_are_refused_because_others_get_on_are_told_or_come()
    {
        var rig = Rig(largeBytes: 2_000_000);
        for (ulong sequence = 1; sequence <= 300; sequence++)
        {
            var manifest = Manifest(sequence, 6_000, 5_000);
            rig.Push(1, manifest);
            rig.Receive(1, BroadcastFrame.Chunk, [.. Names(IdOf(manifest)), 0, 0, .. new byte[5_000]]);
        }

        Assert.Equal(300 - 256, rig.Counters.LargeRefused);
        rig.Advance(120_000);
        Assert.Equal(300, rig.Lost.DistinctBy(one => one.Id).Count());
        Assert.Equal(300, rig.Lost.Count);
    }

    [Fact]
    public void What_came_in_the_end_is_not_lost()
    {
        var rig = Rig();
        var manifest = Manifest(1, 10_000);
        rig.Push(1, manifest);
        rig.Advance(45_000);
        Assert.InRange(rig.Counters.LargeRetried, 1, 1);
        rig.Receive(1, BroadcastFrame.Chunk, [.. Names(IdOf(manifest)), 0, 0, .. new byte[10_000]]);
        rig.Advance(120_000);
        Assert.Single(rig.Delivered);
        Assert.Empty(rig.Lost);
    }

    private static BroadcastRig Rig(int largeBytes = 1_000_000) => new(o => o with
    {
        RepairInterval = 2 * Second, LargeBytes = largeBytes, MaximumPayloadBytes = 1_000_000,
    });

    private static byte[] Manifest(ulong sequence, int bytes, int chunkBytes = 10_000) => Message(
        Origin, sequence, TransferManifest.Make(new byte[bytes], chunkBytes), MessageFrame.Large);

    private static void AssertLost(BroadcastRig rig, ulong sequence)
    {
        Assert.Equal((sequence, ""), Assert.Single(rig.Lost.Select(one => (one.Sequence, one.Topic))));
        Assert.Empty(rig.Delivered);
    }
}
