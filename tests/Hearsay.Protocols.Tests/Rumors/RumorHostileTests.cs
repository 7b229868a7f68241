using CsCheck;
using Hearsay.Protocols.Rumors;
using static Hearsay.Protocols.Tests.Rumors.RumorFrames;

namespace Hearsay.Protocols.Tests.Rumors;

/// <summary>Whatever comes: no exception, no growth without bound, no answer longer than its question.</summary>
public sealed class RumorHostileTests
{
    private static readonly byte[] s_text = [1, 2, 3];

    private static readonly RumorOptions s_small = new()
    {
        NewPerCycle = 10, MaximumAgeCycles = 20, MemoryCapacity = 300, LiveCapacity = 50, ConnectionLimit = 1_000,
        MemoryTime = TimeSpan.FromSeconds(60),
    };

    [Fact]
    public void Random_bodies_are_dropped_without_an_exception()
    {
        foreach (var mode in Enum.GetValues<RumorMode>())
        {
            var (node, protocol) = RumorProtocolTests.Start(s_small with { Mode = mode });
            Gen.Select(Gen.Byte[0, 5], Gen.Byte.Array[0, 200]).Sample((type, bytes) =>
                node.Receive(Lone.From(1), Lone.Packet(Lone.Id(1), 4, type, body => body.Raw(bytes))),
                iter: 2_000, threads: 1);
            AssertSound(node, protocol);
            Assert.True(protocol.Counters.Malformed > 100);
        }
    }

    [Fact]
    public void Mutated_and_cut_frames_are_dropped_without_an_exception()
    {
        var frames = new[]
        {
            Bodies(1, 5, 3, (50, 1, 1, s_text), (51, 2, 1, new byte[200])), Pull(1, 7, 1, 200, 1, 2, 3),
            Feedback(1, 9, 0, 300, (4, 128)),
        }.Select(Swarm.FirstFrame).ToArray();
        var (node, protocol) = RumorProtocolTests.Start(s_small);
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 300], Gen.Byte, Gen.Int[0, 300]).Sample((which, at, value, cut) =>
        {
            var bytes = frames[which].Body.ToArray();
            bytes[at % bytes.Length] = value;
            bytes = bytes[..(bytes.Length - (cut % 3 == 0 ? cut % bytes.Length : 0))];
            node.Receive(Lone.From(1), Lone.Packet(Lone.Id(1), 4, frames[which].Type, body => body.Raw(bytes)));
            node.Advance(TimeSpan.FromMilliseconds(1));
        }, iter: 3_000, threads: 1);
        AssertSound(node, protocol);
        Assert.True(protocol.Counters.Malformed > 100);
    }

    /// <summary>
    /// Fifty cycles of the flood. Nobody takes the texts over, so each is kept for its 21 cycles: the texts fill up
    /// before the cycle's share is used, unless there is room for the share of all of these cycles.
    /// </summary>
    [Theory]
    [InlineData(50, 100, 150)]
    [InlineData(220, 450, 510)]
    public void A_hundred_thousand_forged_rumors_fill_no_more_than_the_memory_allows(
        int liveCapacity, int leastHeard, int mostHeard)
    {
        var (node, protocol) = RumorProtocolTests.Start(s_small with { LiveCapacity = liveCapacity });
        for (uint i = 0; i < 100_000; i += 10)
        {
            var forged = Enumerable.Range(0, 10).Select(j => (1_000, i + (uint)j, (ushort)1, s_text)).ToArray();
            node.Receive(Lone.From(1), Bodies(1, i + 1, 1, forged));
            if (i % 1_000 == 0)
            {
                node.Advance(TimeSpan.FromMilliseconds(100));
                node.Sent.Clear();
                AssertSound(node, protocol, liveCapacity);
            }
        }

        var counters = protocol.Counters;
        Assert.Equal(100_000, counters.Heard + counters.Throttled + counters.Full);
        Assert.Equal(counters.Heard, node.Published.Count);
        Assert.InRange(counters.Heard, leastHeard, mostHeard);
        Assert.Equal(liveCapacity == 50, counters.Full > 0);
        Assert.True(counters.Throttled > 5_000);
    }

    [Fact]
    public void A_rumor_that_goes_round_is_not_forgotten_under_a_flood()
    {
        var (node, protocol) = RumorProtocolTests.Start(s_small);
        node.Receive(Lone.From(1), Bodies(1, 1, 1, (50, 1, 0, s_text)));
        for (uint cycle = 0; cycle < s_small.MaximumAgeCycles; cycle++)
        {
            for (uint i = 0; i < 100; i++)
            {
                node.Receive(Lone.From(1), Bodies(1, 2 + i, 1, (1_000, (cycle * 100) + i, 1, s_text)));
            }

            node.Receive(Lone.From(2), Bodies(2, 1, 1, (50, 1, (ushort)cycle, s_text)));
            node.Advance(s_small.CycleTime);
        }

        Assert.Single(node.Published.OfType<RumorHeard>(), heard => heard.Id.Origin == Lone.Id(50));
        Assert.Equal(0, protocol.Counters.Forgotten);
    }

    [Fact]
    public void Too_old_too_long_and_own_rumors_are_not_taken()
    {
        var (node, protocol) = RumorProtocolTests.Start(s_small);
        node.Receive(Lone.From(1), Bodies(1, 1, 1, (50, 1, 21, s_text)));
        node.Receive(Lone.From(1), Bodies(1, 2, 1, (50, 1, 1, new byte[1_001])));
        node.Receive(Lone.From(1), Bodies(1, 3, 1, (0, 1, 1, s_text)));
        Assert.Empty(node.Published);
        Assert.Equal((1, 1, 0), (protocol.Counters.Stale, protocol.Counters.Malformed, protocol.KnownCount));
    }

    [Fact]
    public void No_answer_is_longer_than_what_it_answers()
    {
        var (node, _) = RumorProtocolTests.Start(s_small with { ConnectionLimit = 0 });
        for (var i = 0; i < 8; i++)
        {
            node.Core.Post(node.Now, RumorProtocol.FrameId, new byte[40 * i]);
        }

        node.Advance(TimeSpan.FromMilliseconds(200));
        Gen.Select(Gen.Int[0, 1_164], Gen.Int[0, 3], Gen.Bool, Gen.Byte[0, 3]).Sample((bytes, rumors, isPull, flags) =>
        {
            var entries = Enumerable.Range(0, rumors).Select(i => (60 + i, 1u, (ushort)1, new byte[bytes / 4]));
            var packet = isPull
                ? Pull(1, 5, (byte)(flags & 1), bytes) : Bodies(1, 6, flags, [.. entries]);
            node.Sent.Clear();
            node.Receive(Lone.From(1), packet);
            Assert.True(node.Sent.Sum(sent => sent.Packet.Length) <= packet.Length);
        }, iter: 500, threads: 1);
        Assert.Equal(0, node.Core.Counters.Dropped(DropReason.Amplification));
    }

    [Fact]
    public void Forged_feedback_changes_nothing()
    {
        var (node, protocol) = RumorProtocolTests.Start(s_small with { Mode = RumorMode.Push, K = 1,
            Staggered = false });
        node.Core.Post(node.Now, RumorProtocol.FrameId, s_text);
        var key = new RumorId(Lone.Id(0), node.Core.Self.Incarnation, 1).Key;
        for (ulong nonce = 0; nonce < 50; nonce++)
        {
            node.Receive(Lone.From(1), Feedback(1, nonce, 0, 1_000, (key, 0)));
        }

        node.Advance(10 * s_small.CycleTime);
        Assert.Equal((1, 50), (protocol.LiveCount, protocol.Counters.Strays));
        Assert.Equal(10, node.SentRumors().Count);
    }

    private static void AssertSound(Lone node, RumorProtocol protocol, int liveCapacity = 50)
    {
        Assert.Equal(0, node.Core.Counters.ProtocolFaults);
        Assert.InRange(protocol.KnownCount, 0, 300);
        Assert.InRange(protocol.LiveCount, 0, liveCapacity);
    }
}
