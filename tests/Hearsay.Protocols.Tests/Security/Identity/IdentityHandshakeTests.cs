using Hearsay.Protocols.Security.Identity;
using Hearsay.Tests;

namespace Hearsay.Protocols.Tests.Security.Identity;

/// <summary>Handshakes that go wrong: lost, repeated, crossed, flooded; and nodes that start anew.</summary>
public sealed class IdentityHandshakeTests
{
    private readonly SeededIdentities _cluster = new();
    private readonly IdentityEnd _a;
    private readonly IdentityEnd _b;

    public IdentityHandshakeTests() => (_a, _b) = (new(_cluster.Security(1), 1), new(_cluster.Security(2), 2));

    [Fact]
    public void Message_2_lost_leads_to_a_new_message_1_and_nothing_is_lost_but_time()
    {
        _b.Open(_a, _a.Seal(_b, "one"));
        _a.Open(_b, Assert.Single(_b.Own).Packet);
        _b.Open(_a, Assert.Single(_a.Own).Packet);
        Assert.Single(_b.Own);

        // It was lost. Within half a second nothing goes out; then the handshake begins anew.
        Assert.Empty(_a.Seal(_b, "two"));
        Assert.True(_a.Envelope.IsHolding);
        IdentityEnd.Pass(TimeSpan.FromSeconds(1), _a, _b);
        Assert.Equal(["one", "two", "three"], IdentityEnd.Say(_a, _b, "three"));
    }

    [Fact]
    public void Message_1_repeated_opens_nothing_and_draws_no_second_answer()
    {
        _b.Open(_a, _a.Seal(_b, "one"));
        _a.Open(_b, Assert.Single(_b.Own).Packet);
        var first = Assert.Single(_a.Own).Packet;
        _b.Open(_a, first);
        var second = Assert.Single(_b.Own).Packet;
        for (var i = 0; i < 10; i++)
        {
            Assert.Null(_b.Open(_a, first));
            Assert.Equal(DropReason.Replayed, _b.Last);
            Assert.Empty(_b.Own);
        }

        Assert.Equal(1, _b.Envelope.Sessions.Count);
        Assert.Equal(["one"], IdentityEnd.Carry(_b, _a, second));
        Assert.Null(_b.Open(_a, first));

        // Long after: a session that nobody confirms, and that is gone after five seconds. The honest one stays.
        IdentityEnd.Pass(TimeSpan.FromSeconds(60), _a, _b);
        IdentityEnd.Meet(_a, _b);
        IdentityEnd.Pass(TimeSpan.FromSeconds(100), _a, _b);
        _b.Restart();
        _b.Open(_a, first);
        Assert.False(_b.Envelope.IsMet(_a.Id, _b.Now));
        IdentityEnd.Pass(TimeSpan.FromSeconds(6), _a, _b);
        Assert.Equal(0, _b.Envelope.Sessions.UnconfirmedOf(_a.Id, _b.Now));
    }

    [Fact]
    public void Two_nodes_that_begin_at_the_same_time_understand_each_other_on_both_sessions()
    {
        var (fromA, fromB) = (_a.Seal(_b, "a"), _b.Seal(_a, "b"));
        var waiting = new Queue<(IdentityEnd From, IdentityEnd To, byte[] Packet)>([(_a, _b, fromA), (_b, _a, fromB)]);
        var heard = new List<string>();
        while (waiting.TryDequeue(out var next))
        {
            if (next.To.Open(next.From, next.Packet) is { Length: > 0 } text)
            {
                heard.Add(text);
            }

            foreach (var (_, own) in next.To.Own)
            {
                waiting.Enqueue((next.To, next.From, own));
            }
        }

        Assert.Equal(["a", "b"], heard.Order());
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal([$"{i}"], IdentityEnd.Say(_a, _b, $"{i}"));
            Assert.Equal([$"{i}"], IdentityEnd.Say(_b, _a, $"{i}"));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void A_node_that_starts_anew_is_met_again_and_what_was_sent_to_it_meanwhile_comes(int secondsBefore)
    {
        IdentityEnd.Meet(_a, _b);
        IdentityEnd.Pass(TimeSpan.FromSeconds(secondsBefore), _a, _b);
        _b.Restart();
        var heard = IdentityEnd.Say(_a, _b, "question");
        if (secondsBefore > 4)
        {
            Assert.Equal(["question"], heard);
        }

        Assert.Equal(["again"], IdentityEnd.Say(_a, _b, "again"));
        _a.Restart();
        IdentityEnd.Pass(TimeSpan.FromSeconds(5), _a, _b);
        Assert.Equal(["answer"], IdentityEnd.Say(_b, _a, "answer"));
    }

    [Fact]
    public void Nothing_of_an_earlier_life_can_be_played_to_a_node()
    {
        var all = new List<byte[]>();
        IdentityEnd.Meet(_a, _b);
        for (var i = 0; i < 50; i++)
        {
            all.Add(_a.Seal(_b, $"{i}"));
            Assert.NotNull(_b.Open(_a, all[^1]));
        }

        _b.Restart();
        Assert.All(all, packet => Assert.Null(_b.Open(_a, packet)));
        IdentityEnd.Say(_a, _b, "lost");
        IdentityEnd.Meet(_a, _b);
        Assert.All(all, packet => Assert.Null(_b.Open(_a, packet)));
    }

    [Fact]
    public void Who_says_that_a_session_is_lost_ends_nothing()
    {
        IdentityEnd.Meet(_a, _b);
        var packet = _a.Seal(_b, "one");
        var other = new IdentityEnd(_cluster.Security(3), 3) { Address = _b.Address };

        // A member that is on the path does not know the session, and says so in the place of B.
        Assert.Null(other.Open(_a, packet));
        var lost = Assert.Single(other.Own).Packet;
        Assert.Null(_a.Open(_b, lost));
        Assert.Equal("one", _b.Open(_a, packet));
        Assert.Equal("two", _b.Open(_a, _a.Seal(_b, "two")));
        Assert.Equal("three", _a.Open(_b, _b.Seal(_a, "three")));
        IdentityEnd.Pass(TimeSpan.FromSeconds(20), _a, _b);
        _a.Open(_b, lost);
        Assert.Equal(DropReason.Unsolicited, _a.Last);
        Assert.Empty(_a.Own);
    }

    [Fact]
    public void A_packet_that_was_held_back_for_more_than_ten_seconds_is_refused()
    {
        IdentityEnd.Meet(_a, _b);
        var (held, soon) = (_a.Seal(_b, "held"), _a.Seal(_b, "soon"));
        IdentityEnd.Pass(TimeSpan.FromSeconds(9), _a, _b);
        Assert.Equal("soon", _b.Open(_a, soon));
        IdentityEnd.Pass(TimeSpan.FromSeconds(3), _a, _b);
        Assert.Null(_b.Open(_a, held));
        Assert.Equal(["new"], IdentityEnd.Say(_a, _b, "new"));
    }

    [Fact]
    public void Sessions_begin_anew_in_time_and_no_packet_is_lost_by_that()
    {
        IdentityEnd.Meet(_a, _b);
        for (var second = 0; second < 3600; second += 20)
        {
            IdentityEnd.Pass(TimeSpan.FromSeconds(20), _a, _b);
            Assert.Equal(["to b"], IdentityEnd.Say(_a, _b, "to b"));
            Assert.Equal(["to a"], IdentityEnd.Say(_b, _a, "to a"));
        }

        Assert.InRange(_a.Envelope.Handshakes, 5, 12);
        Assert.InRange(_a.Envelope.Sessions.Count, 1, Sessions.PerPeer);
    }

    [Fact]
    public void While_many_messages_1_come_they_need_a_cookie_from_their_own_address()
    {
        var firsts = Enumerable.Range(10, 70).Select(i =>
        {
            var end = new IdentityEnd(_cluster.Security(i), (byte)i);
            _b.Open(end, end.Seal(_b, "hello"));
            end.Open(_b, Assert.Single(_b.Own).Packet);
            return (End: end, Packet: Assert.Single(end.Own).Packet);
        }).ToArray();

        // The cookies are for other addresses: these count as if they had none.
        var address = NodeAddress.FromIPv4(0x0A63_0001u, 1);
        foreach (var (_, packet) in firsts.Take(IdentityEnvelope.WithoutCookie))
        {
            _b.Open(address, packet);
        }

        Assert.Equal(Sessions.MostUnconfirmed / 2, _b.Envelope.Sessions.Count);
        _b.Open(address, firsts[66].Packet);
        Assert.Equal(DropReason.Challenged, _b.Last);
        IdentityEnd.Pass(TimeSpan.FromSeconds(6), _b);
        foreach (var (_, packet) in firsts.Take(IdentityEnvelope.WithoutCookie))
        {
            _b.Open(address, packet);
        }

        Assert.Equal(DropReason.Challenged, _b.Last);
        Assert.Equal(Sessions.MostUnconfirmed / 2, _b.Envelope.Sessions.Count);

        // Whoever asks again, and returns the cookie, gets in.
        var late = firsts[67].End;
        IdentityEnd.Pass(TimeSpan.FromSeconds(6), late);
        Assert.Equal(["hello"], IdentityEnd.Say(late, _b, "hello"));
    }

    [Fact]
    public void A_full_table_keeps_who_is_talking_and_counts_who_gave_way()
    {
        var sessions = new Sessions(1);
        var member = Other(0);
        var now = new Instant(TimeSpan.TicksPerHour);
        for (var i = 0; i < Sessions.Capacity; i++)
        {
            var other = Other(i + 1);
            Assert.True(sessions.Open(other, ((uint)i + 1, 1), default, isConfirmed: true, now) >= 0);
        }

        Assert.Equal(-1, sessions.Open(member, (9999, 1), default, isConfirmed: true, now));
        Assert.Equal(1, sessions.Refused);
        now += TimeSpan.FromSeconds(5);
        sessions[sessions.Find(7, now)].HeardAt = now;
        for (var i = 0; i < 100; i++)
        {
            Assert.True(sessions.Open(Other(5000 + i), ((uint)(20_000 + i), 1), default, isConfirmed: true, now) >= 0);
        }

        Assert.Equal(Sessions.Capacity, sessions.Count);
        Assert.Equal(100, sessions.Displaced);
        Assert.True(sessions.Find(7, now) >= 0);
        Assert.InRange(sessions.StateBytes / Sessions.Capacity, 1, 600);
    }

    private Member Other(int number)
    {
        var keys = SeededIdentities.Keys(number);
        Assert.True(AdmissionToken.TryRead(_cluster.Token(keys), out var token));
        return new Member(keys.Id, token);
    }
}
