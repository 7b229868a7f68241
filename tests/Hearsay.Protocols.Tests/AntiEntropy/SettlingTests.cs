using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.AntiEntropy;

/// <summary>What is on its way by broadcast does not come by an exchange, too.</summary>
public sealed class SettlingTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly Carrier _carrier = new();
    private readonly MapRig _rig;

    public SettlingTests() => _rig = new MapRig(carrier: _carrier);

    [Fact]
    public void A_peer_that_lacks_only_what_is_new_gets_it_by_broadcast()
    {
        var before = Settled();
        _rig.Set("new", [2]);
        Assert.Equal(EndReason.OnItsWay, Answer(before));

        // It has not come, so an exchange brings it.
        _rig.Node.Advance(3 * s_second);
        Assert.Null(Answer(before));
    }

    [Fact]
    public void A_peer_that_lacks_something_older_gets_all()
    {
        Settled();
        _rig.Set("new", [2]);
        Assert.Null(Answer(CausalContext.Empty));
    }

    [Fact]
    public void What_broadcast_does_not_take_for_half_a_second_is_told_to_whoever_asks()
    {
        var before = Settled();
        _carrier.Refuses = true;
        _rig.Set("new", [2]);
        Assert.Equal(0, _rig.Counters.NotPushed);
        _rig.Node.Advance(0.6 * s_second);
        Assert.Equal((1, 1), (_rig.Counters.NotPushed, _carrier.Taken));
        Assert.Null(Answer(before));
    }

    [Fact]
    public void An_event_waits_for_links_that_are_full_and_others_do_not_overtake_it()
    {
        Settled();
        _carrier.Refuses = true;
        _rig.Set("one", [1]);
        _rig.Node.Advance(0.1 * s_second);
        _carrier.Refuses = false;
        _rig.Set("two", [2]);
        Assert.Equal(1, _carrier.Taken);
        _rig.Node.Advance(0.05 * s_second);
        Assert.Equal((3, 0), (_carrier.Taken, _rig.Counters.NotPushed));
        _rig.Set("three", [3]);
        Assert.Equal(4, _carrier.Taken);
    }

    [Fact]
    public void No_more_events_wait_than_there_are_places()
    {
        Settled();
        _carrier.Refuses = true;
        for (var i = 0; i < 300; i++)
        {
            _rig.Set($"k{i}", [1]);
        }

        Assert.Equal(300 - 256, _rig.Counters.NotPushed);
        _carrier.Refuses = false;
        _rig.Node.Advance(0.05 * s_second);
        Assert.Equal(1 + 256, _carrier.Taken);
    }

    [Fact]
    public void Without_broadcast_everything_is_told_at_once()
    {
        var before = Settled();
        _carrier.LongestBytes = 0;
        _rig.Set("new", [2]);
        Assert.Null(Answer(before));
    }

    [Fact]
    public void An_exchange_that_is_left_to_broadcast_is_a_comparison_and_no_failure()
    {
        Settled();
        var nonce = _rig.BeginPull(1);
        _rig.Send(1, MapFrame.End, (ref WireWriter writer) =>
        {
            writer.WriteUInt64(nonce);
            writer.WriteByte((byte)EndReason.OnItsWay);
        });
        Assert.Equal((1, 0), (_rig.Counters.LeftToBroadcast, _rig.Counters.ExchangesCut));
        Assert.True(_rig.Protocol.Maps["m"].IsCompared);
        Assert.NotEqual(nonce, _rig.BeginPull(1));
    }

    [Fact]
    public void Where_roots_are_never_equal_the_sketch_proves_every_five_minutes_that_nothing_is_missing()
    {
        Settled();
        Assert.Equal(PullMode.Context, Begun());
        _rig.Node.Advance(290 * s_second);
        Assert.Equal(PullMode.Context, Begun());
        _rig.Node.Advance(15 * s_second);
        Assert.Equal(PullMode.Sketch, Begun());
        _rig.Node.Advance(15 * s_second);
        Assert.Equal(PullMode.Context, Begun());
    }

    /// <summary>Before, exchanges brought a third of all that was written, which broadcast brought as well.</summary>
    [Fact]
    public void Where_much_is_written_exchanges_bring_next_to_nothing()
    {
        const int Nodes = 8;
        const int Writes = 2_000;
        var net = new MapNet(Nodes, seed: 3, loss: 0.1, withBroadcast: true);
        for (var write = 0; write < Writes; write++)
        {
            net.Write(write % Nodes, MapChange.Increment(MapNet.Path($"k{write % 10}"), 1));
            net.Run(seconds: 0.005);
        }

        Assert.InRange(net.Sum(static counters => counters.RowsReceived), 0, Writes * (Nodes - 1) / 50);
        net.Until(() => net.IsEqual(), most: 5);
        Assert.Equal(Writes, Enumerable.Range(0, 10).Sum(key => net.Counter(0, $"k{key}")));
    }

    /// <summary>A map with one row that is old enough; returns what the node has seen.</summary>
    private CausalContext Settled()
    {
        _rig.Set("first", [1]);
        _rig.Node.Advance(3 * s_second);
        return _rig.Replica.Context;
    }

    /// <summary>How the node asks a peer that has something else; the exchange is given up then.</summary>
    private PullMode Begun()
    {
        _rig.Sent();
        _rig.Beat(1, "m", new Heartbeat(1, 2, 3, IsTrusted: true, KnowsBrief: false));
        var body = Assert.Single(_rig.Sent(MapFrame.Ask)).Body;
        _rig.Send(1, MapFrame.End, [.. body[..sizeof(ulong)], (byte)EndReason.Busy]);
        return (PullMode)body[sizeof(ulong) + 2];
    }

    /// <summary>Why a peer with a context gets nothing; null if it gets something.</summary>
    private EndReason? Answer(CausalContext told)
    {
        _rig.Sent();
        _rig.Ask(1, _rig.Next(), PullMode.Context, told);
        var (_, type, body) = Assert.Single(_rig.Sent());
        return type == MapFrame.Offer ? null : (EndReason)body[^1];
    }

    private sealed class Carrier : IEventCarrier
    {
        public bool Refuses { get; set; }

        public int LongestBytes { get; set; } = 1_000;

        public int Taken { get; private set; }

        public bool TryCarry(ReadOnlyMemory<byte> payload)
        {
            Taken += Refuses ? 0 : 1;
            return !Refuses;
        }
    }
}
