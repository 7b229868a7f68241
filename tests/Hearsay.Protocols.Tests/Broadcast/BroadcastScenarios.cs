using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Transfer;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>
/// What a node must do, a method for each thing. The scenarios hold for the product; the tests of defects run each over
/// a copy with the defect that breaks just that, and it must fail.
/// </summary>
internal static partial class BroadcastScenarios
{
    internal const int Origin = 50;

    public static void A_missing_message_is_pulled_after_the_graft_time()
    {
        var rig = new BroadcastRig();
        var id = IdOf(Message(Origin, 1));
        rig.Receive(1, BroadcastFrame.Have, Have(id));
        rig.Advance(5);
        Assert.Empty(rig.Sent(1, BroadcastFrame.Want));
        rig.Advance(50);
        Assert.Equal(Names(id), rig.Sent(1, BroadcastFrame.Want).FirstOrDefault());
    }

    public static void A_parent_that_comes_late_stays_the_parent()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(Origin, 1));
        rig.Push(2, Message(Origin, 2, flags: MessageFrame.Pulled));
        rig.Push(1, Message(Origin, 2));
        Assert.Empty(rig.Sent(1, BroadcastFrame.Prune));
        Assert.Equal(1u, rig.Protocol.Sources.Find(Key(Origin))!.Parents);
    }

    public static void A_name_outlives_its_payload()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(Origin, 1));
        rig.Advance(90_000);
        rig.Push(1, Message(Origin, 2));
        rig.Push(1, Message(Origin, 1));
        Assert.Equal(2, rig.Delivered.Count);
        Assert.Equal((1, 0), (rig.Counters.Duplicates, rig.Counters.Replayed));
    }

    public static void A_replay_is_refused_after_its_name_is_forgotten()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(Origin, 1));
        rig.Advance(130_000);
        rig.Push(1, Message(Origin, 2));
        rig.Push(1, Message(Origin, 1));
        Assert.Equal(2, rig.Delivered.Count);
        Assert.Equal(1, rig.Counters.Replayed);
    }

    public static void A_request_for_what_is_gone_is_answered()
    {
        var rig = new BroadcastRig();
        var id = IdOf(Message(Origin, 1));
        rig.Receive(1, BroadcastFrame.Want, Names(id));
        Assert.Equal(Names(id), Assert.Single(rig.Sent(1, BroadcastFrame.Gone)));
        Assert.Equal(1, rig.Counters.PullsRefused);
    }

    public static void A_stale_graft_changes_nothing()
    {
        var rig = new BroadcastRig();
        for (var i = 0; i < 1000; i++)
        {
            rig.Receive(1, BroadcastFrame.Graft, SourceBody(1000 + i));
        }

        Assert.Equal(0, rig.Protocol.Sources.Count);
        Assert.Equal(1000, rig.Counters.GraftsRefused);
    }

    public static void A_message_does_not_go_back_where_it_came_from()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(Origin, 1));
        rig.Advance(20);
        Assert.Empty(rig.Sent(1, BroadcastFrame.Message));
        Assert.Empty(rig.Sent(1, BroadcastFrame.Have));
        Assert.Single(rig.Sent(2, BroadcastFrame.Message));
    }

    public static void Another_announcer_is_asked_when_the_first_does_not_answer()
    {
        var rig = new BroadcastRig();
        var id = IdOf(Message(Origin, 1));
        rig.Receive(1, BroadcastFrame.Have, Have(id));
        rig.Receive(2, BroadcastFrame.Have, Have(id));
        rig.Advance(100);
        Assert.NotEmpty(rig.Sent(1, BroadcastFrame.Want));
        Assert.NotEmpty(rig.Sent(2, BroadcastFrame.Want));
    }

    public static void What_a_digest_names_and_is_not_here_is_fetched()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(Origin, 2));
        rig.Receive(2, BroadcastFrame.Digest, Digest(Origin, 1, 5));
        var fetch = new WireReader(Assert.Single(rig.Sent(2, BroadcastFrame.Fetch)));
        Assert.Equal(Key(Origin), SourceKey.Read(ref fetch));
        Assert.Equal(2, fetch.ReadByte());
        Assert.Equal((1UL, 0), (fetch.ReadUInt64(), fetch.ReadUInt16()));
        Assert.Equal((3UL, 2), (fetch.ReadUInt64(), fetch.ReadUInt16()));
    }

    public static void A_newcomer_does_not_inherit_its_slot_in_the_tree()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(Origin, 1));
        Assert.Equal(0b1110u, rig.Protocol.Sources.Find(Key(Origin))!.Children);
        rig.Neighbours.Remove(1);
        Assert.Equal(0b1100u, rig.Protocol.Sources.Find(Key(Origin))!.Children);
    }

    public static void A_pruned_neighbour_gets_announcements_only()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(Origin, 1));
        rig.Receive(2, BroadcastFrame.Prune, SourceBody(Origin));
        rig.Forget();
        rig.Push(1, Message(Origin, 2));
        rig.Advance(20);
        Assert.Empty(rig.Sent(2, BroadcastFrame.Message));
        Assert.Single(rig.Sent(2, BroadcastFrame.Have));
        Assert.Single(rig.Sent(3, BroadcastFrame.Message));
    }

    public static void The_age_counts_the_time_in_the_node_and_on_the_link()
    {
        var rig = new BroadcastRig();
        var message = Message(Origin, 1, age: Second.Ticks);
        rig.Push(1, message);
        Assert.Equal(Second + (RoundTrip / 2), rig.Delivered[0].Age);
        rig.Advance(500);
        rig.Forget();
        rig.Receive(2, BroadcastFrame.Want, Names(IdOf(message)));
        Assert.True(MessageFrame.TryRead(Assert.Single(rig.Sent(2, BroadcastFrame.Message)), out var frame));
        Assert.Equal(1510, TimeSpan.FromTicks(frame.Age).TotalMilliseconds, 0.1);
        Assert.Equal(4, frame.Hops);
    }

    public static void A_chunk_that_is_not_what_was_announced_is_refused()
    {
        var rig = new BroadcastRig();
        var payload = new byte[10_000];
        var manifest = Message(Origin, 1, TransferManifest.Make(payload, 10_000), MessageFrame.Large);
        rig.Push(1, manifest);
        var junk = new byte[10_000];
        junk[7]++;
        rig.Receive(1, BroadcastFrame.Chunk, [.. Names(IdOf(manifest)), 0, 0, .. junk]);
        Assert.Empty(rig.Delivered);
        Assert.Equal(1, rig.Counters.ChunksRefused);
        rig.Receive(1, BroadcastFrame.Chunk, [.. Names(IdOf(manifest)), 0, 0, .. payload]);
        Assert.Equal(payload, Assert.Single(rig.Delivered).Payload);
    }

    public static void A_large_message_that_never_completes_is_given_up()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(Origin, 1, TransferManifest.Make(new byte[100_000], 10_000), MessageFrame.Large));
        Assert.Equal(1, rig.Protocol.LargeCount);
        Assert.NotEmpty(rig.Sent(1, BroadcastFrame.WantChunks));
        rig.Advance(32_000);
        Assert.Equal((0, 1), (rig.Protocol.LargeCount, (int)rig.Counters.LargeExpired));
    }

    public static void Who_does_not_get_the_payload_gets_an_announcement()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(Origin, 1));
        rig.Receive(2, BroadcastFrame.Prune, SourceBody(Origin));
        var message = Message(Origin, 2);
        rig.Push(1, message);
        rig.Advance(20);
        Assert.Equal([.. Names(IdOf(message)), 4, 0, 2], Assert.Single(rig.Sent(2, BroadcastFrame.Have)));
    }

    public static void A_stranger_is_not_listened_to()
    {
        var rig = new BroadcastRig();
        rig.Push(77, Message(Origin, 1));
        Assert.Empty(rig.Delivered);
        Assert.Equal(1, rig.Counters.Strangers);
    }
}
