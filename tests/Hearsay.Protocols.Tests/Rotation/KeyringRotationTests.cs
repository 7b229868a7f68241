using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Rotation;
using Hearsay.Protocols.Security;
using Hearsay.Security;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Rotation;

/// <summary>The operator of a cluster replaces its key while it runs, and things go wrong meanwhile.</summary>
public sealed class KeyringRotationTests
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_new_key_reaches_all_and_then_the_old_one_opens_nothing_but_the_exchange_of_keyrings()
    {
        var net = new RotationNet(nodes: 30);
        var early = net.JoinWith(net.First);
        net.Run(Minute);
        Assert.NotEqual(0, early.Core.View.Count); // The control: until then the old key is enough.
        net.Network.Kill(early);

        var ring = net.Rotate(net.Network.Nodes[3], Month);
        Assert.True(net.RunUntil(() => net.Agree(ring), TimeSpan.FromSeconds(20)));
        net.Run(NodeSecurity.RetiringTime);
        var late = net.JoinWith(net.First);
        net.Run(3 * Minute);
        Assert.Equal(0, late.Core.View.Count);
        Assert.NotEqual(0, net.Dropped(DropReason.RetiredKey));
        Assert.All(
            net.Network.Nodes.Take(30), node => Assert.True(node.Core.View.Count >= 29, $"{node.Core.View.Count}"));
    }

    [Fact]
    public void Rotation_under_500_messages_a_second_with_loss_loses_nothing_and_who_was_down_comes_back()
    {
        var net = new RotationNet(nodes: 20, seed: 4, loss: 0.01);
        var absent = net.Network.Nodes[7];
        net.Network.Kill(absent);
        net.Run(Minute);
        var sent = new List<BroadcastId>();
        var ring = net.First;

        // While it spreads, when nodes begin to seal with it for everybody, and when the old key is retired.
        foreach (var wait in new[] { TimeSpan.Zero, NodeSecurity.SettlingTime, NodeSecurity.SettlingTime })
        {
            net.Run(wait == TimeSpan.Zero ? wait : wait - TimeSpan.FromSeconds(4));
            for (var i = 0; i < 750; i++)
            {
                if (sent.Count == 250)
                {
                    ring = net.Rotate(net.Network.Nodes[3], Month);
                }

                sent.Add(net.Publish(net.Network.Nodes[i % 7]));
                net.Run(TimeSpan.FromMilliseconds(2));
            }

            net.Run(TimeSpan.FromSeconds(1));
        }

        // A node takes nothing while one of its links is slow; what it has taken arrives.
        Assert.InRange(sent.RemoveAll(id => id == default), 0, 100);
        Assert.True(net.RunUntil(() => sent.TrueForAll(id => net.Deliveries(id) == 19), Minute));
        Assert.True(net.Agree(ring));
        net.Run(5 * Minute);
        net.Restart(absent, net.First);
        Assert.True(net.RunUntil(() => net.Agree(ring) && absent.Core.View.Count >= 15, 2 * Minute));
        var last = net.Publish(net.Network.Nodes[0]);
        Assert.True(net.RunUntil(() => net.Deliveries(last) == 20, Minute));
    }

    [Fact]
    public void Two_rotations_on_both_sides_of_a_partition_end_with_one_ring()
    {
        var net = new RotationNet(nodes: 20, seed: 5);
        net.Network.Passes = (from, to) => from.Index % 2 == to.Index % 2;
        var left = net.Rotate(net.Network.Nodes[2], Month);
        var right = net.Rotate(net.Network.Nodes[3], Month);

        // Until both sides open nothing with the key that they have in common.
        net.Run(NodeSecurity.RetiringTime + (5 * Minute));
        Assert.Equal(left.Digest, net.Rings[4].Digest);
        Assert.Equal(right.Digest, net.Rings[5].Digest);
        net.Network.Passes = null;
        var union = left.With(right.Keys, net.Now);
        Assert.Equal(3, union.Keys.Count);
        Assert.True(net.RunUntil(() => net.Agree(union), 10 * Minute));
        Assert.True(net.RunUntil(
            () => net.Network.Nodes.All(node => node.Core.View.Count == 19), 5 * Minute));
        Assert.Single(net.Rings.Select(ring => ring.Keys[0].Id).Distinct());
    }

    [Fact]
    public void A_ring_that_is_forged_by_a_holder_of_the_old_key_is_refused()
    {
        var net = new RotationNet(nodes: 10);
        var (thief, other) = (OperatorKey.Make(), Keyring.Make(net.Operator, net.Now));
        Keyring[] forged =
        [
            Keyring.Make(thief, net.Now), // An operator of its own.
            other.Rotate(net.Operator, net.Now, Month), // Keys of another ring of the same operator.
        ];
        var forger = new Forger(forged);
        net.JoinWith(net.First, forger);
        net.Run(2 * Minute);
        Assert.True(forger.Sent > 100, $"{forger.Sent}");
        Assert.All(net.Rings.Take(10), ring => Assert.Equal(net.First.Digest, ring.Digest));
        Assert.True(net.Protocols.Sum(protocol => protocol.Counters.Refused) > 100);
        Assert.Equal(0, net.Protocols.Sum(protocol => protocol.Counters.Changed));

        // The control: the same way, from a holder of the key, a ring of the operator is taken.
        net.JoinWith(net.First, new Forger([net.First.Rotate(net.Operator, net.Now, Month)]));
        Assert.True(net.RunUntil(() => net.Rings[0].Current.Keys.Count == 2, Minute));
    }

    [Fact]
    public void A_restored_data_directory_of_two_rotations_ago_comes_back_and_takes_nothing_back()
    {
        var net = new RotationNet(nodes: 12, seed: 6);
        net.Rotate(net.Network.Nodes[1], Month);
        net.Run(12 * Minute);
        var ring = net.Rotate(net.Network.Nodes[2], Month);
        net.Run(12 * Minute);
        Assert.True(net.Agree(ring));

        var restored = net.Network.Nodes[5];
        net.Network.Kill(restored);
        net.Run(2 * Minute);
        net.Restart(restored, net.First);
        Assert.True(net.RunUntil(() => net.Agree(ring), 2 * Minute));
        Assert.Equal(3UL, net.Rings[5].Current.Keys[0].Version);

        // The old ring, though the operator has signed it, changes nothing.
        net.Give(net.Network.Nodes[0], net.First);
        net.Run(Minute);
        Assert.True(net.Agree(ring));
    }

    [Fact]
    public void Who_was_down_for_longer_than_old_keys_are_kept_does_not_come_back()
    {
        var net = new RotationNet(nodes: 6, seed: 7);
        var absent = net.Network.Nodes[5];
        net.Network.Kill(absent);
        net.Rotate(net.Network.Nodes[1], TimeSpan.FromHours(1));
        net.Run(TimeSpan.FromMinutes(65));
        Assert.All(net.Rings.Take(5), ring => Assert.Single(ring.Keys));
        net.Restart(absent, net.First);
        net.Run(3 * Minute);
        Assert.Equal(0, absent.Core.View.Count);
        Assert.Equal(net.First.Digest, net.Rings[5].Digest);
    }

    [Fact]
    public void Clocks_that_are_hours_apart_lose_no_message_of_a_rotation()
    {
        var net = new RotationNet(nodes: 12, seed: 8, clockOffset: i => TimeSpan.FromHours((i % 3 * 7) - 7));
        var sent = new List<BroadcastId>();

        // For nodes whose clocks are ahead, the time of the old key is over when they hear of it.
        var ring = net.Rotate(net.Network.Nodes[0], TimeSpan.FromHours(1));
        for (var i = 0; i < 140; i++)
        {
            sent.Add(net.Publish(net.Network.Nodes[i % 12]));
            net.Run(TimeSpan.FromSeconds(6));
        }

        Assert.True(net.RunUntil(() => sent.TrueForAll(id => net.Deliveries(id) == 12), Minute));
        Assert.All(net.Rings, one => Assert.Equal(ring.Keys[0].Id, one.Current.Keys[0].Id));
        Assert.Single(net.Rings[2].Current.Keys);
        Assert.Equal(2, net.Rings[0].Current.Keys.Count);
    }

    /// <summary>Sends rings to everybody, unasked.</summary>
    private sealed class Forger(Keyring[] rings) : IProtocol
    {
        private readonly byte[] _body = new byte[SignedKeyring.MaximumBytes];

        public int Sent { get; private set; }

        public byte Id => KeyringMessage.Protocol;

        public void Start(IProtocolContext context) => context.Schedule(TimeSpan.FromSeconds(1), 0);

        public void OnDue(IProtocolContext context, long token)
        {
            var ring = rings[Sent % rings.Length];
            if (context.Peers.TryGetPeer(out var peer)
                && context.Send(peer, KeyringMessage.Keys, _body.AsSpan(0, NodeKeyring.Write(ring, _body))))
            {
                Sent++;
            }

            context.Schedule(TimeSpan.FromMilliseconds(500), 0);
        }

        public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
        {
        }
    }
}
