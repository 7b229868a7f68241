using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Wire;
using Hearsay.Tests;

namespace Hearsay.Protocols.Tests.Security.Identity;

/// <summary>Sessions, packet by packet: who gets one, what ends it, and what an attacker can do about it.</summary>
public sealed class IdentityEnvelopeTests
{
    private readonly SeededIdentities _cluster = new();
    private readonly IdentityEnd _a;
    private readonly IdentityEnd _b;
    private readonly IdentityEnd _c;

    public IdentityEnvelopeTests() =>
        (_a, _b, _c) = (new(_cluster.Security(1), 1), new(_cluster.Security(2), 2), new(_cluster.Security(3), 3));

    [Fact]
    public void Strangers_meet_in_four_packets_and_a_packet_is_32_bytes_longer_than_its_frames()
    {
        var hello = _a.Seal(_b, "question");
        Assert.Null(_b.Open(_a, hello));
        var welcome = Assert.Single(_b.Own).Packet;
        Assert.True(welcome.Length <= hello.Length);
        Assert.Null(_a.Open(_b, welcome));
        Assert.Equal(_b.Address, _a.Envelope.Proven);
        var first = Assert.Single(_a.Own).Packet;
        Assert.Null(_b.Open(_a, first));
        var second = Assert.Single(_b.Own).Packet;
        Assert.True(second.Length <= first.Length);
        Assert.False(_b.Envelope.IsMet(_a.Id, _b.Now));
        Assert.Null(_a.Open(_b, second));
        Assert.Equal("question", _b.Open(_a, Assert.Single(_a.Own).Packet));
        Assert.Equal(_a.Address, _b.Envelope.Proven);
        Assert.True(_b.Envelope.IsMet(_a.Id, _b.Now));
        Assert.Equal("node", _b.Envelope.IdentityOf(_a.Id)!.Name);
        Assert.Equal(_a.Security.Keys.Public, _b.Envelope.IdentityOf(_a.Id)!.Key.Span);

        var packet = _b.Seal(_a, new string('x', 600));
        Assert.Equal(32 + 4 + 600, packet.Length);
        Assert.Equal(new string('x', 600), _a.Open(_b, packet));
    }

    [Fact]
    public void A_bare_address_is_asked_who_lives_there_and_the_packet_goes_to_whoever_it_is()
    {
        Assert.Equal(["hello"], IdentityEnd.Carry(_a, _b, _a.Seal(_b, "hello", toAnyone: true)));
        Assert.Equal(["again"], IdentityEnd.Carry(_a, _b, _a.Seal(_b, "again", toAnyone: true)));
        Assert.Equal(_b.Id, _a.Envelope.ResidentOf(_b.Address, _a.Now));
    }

    [Fact]
    public void A_node_whose_seed_is_itself_gets_its_own_request_back()
    {
        var hello = _a.Seal(_a, "hello", toAnyone: true);
        var isOpen = _a.Envelope.TryOpen(
            hello, new Link(_a.Address, LinkKind.Datagram), _a.Id, _a.Now, out var opened, out _);
        Assert.True(isOpen && opened.IsOwn);
        Assert.Equal(0, _a.Envelope.Sessions.Count);
    }

    [Fact]
    public void Each_packet_is_opened_once_and_by_its_receiver_only_and_every_bit_of_it_counts()
    {
        IdentityEnd.Meet(_a, _b);
        IdentityEnd.Meet(_a, _c);
        var packet = _a.Seal(_b, "one");
        Assert.Null(_c.Open(_a, packet));
        Assert.Null(_a.Open(_b, packet));
        for (var bit = 0; bit < 8 * packet.Length; bit++)
        {
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(_b.Open(_a, packet));
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal("one", _b.Open(_a, packet));
        Assert.Null(_b.Open(_a, packet));
        Assert.Equal(DropReason.Replayed, _b.Last);
        Assert.Null(_b.Open(_a, packet, LinkKind.Stream));
        var packets = Enumerable.Range(0, 100).Select(i => _a.Seal(_b, $"{i}")).Reverse().ToArray();
        Assert.All(packets, sent => Assert.NotNull(_b.Open(_a, sent)));
        Assert.All(packets, sent => Assert.Null(_b.Open(_a, sent)));
    }

    [Fact]
    public void A_stranger_with_a_token_of_another_operator_gets_no_byte_and_one_with_none_of_its_own_no_session()
    {
        var foreign = new IdentityEnd(new SeededIdentities(2).Security(4), 4);
        _b.Open(foreign, foreign.Seal(_b, "let me in"));
        Assert.Equal(DropReason.NotAuthentic, _b.Last);
        Assert.Empty(_b.Own);

        // It knows the public admission key, and has the token of somebody else, or one that it signed itself.
        var (_, keys) = (0, SeededIdentities.Keys(4));
        foreach (var token in new[]
        {
            _cluster.Token(SeededIdentities.Keys(1)), new SeededIdentities(2).Token(keys), [], new byte[300],
            new SeededIdentities(1, "other").Token(keys),
        })
        {
            var stranger = new IdentityEnd(_cluster.Security(4, token), 4);
            Assert.Empty(IdentityEnd.Say(stranger, _b, "let me in"));
            Assert.Equal(DropReason.NotAdmitted, _b.Last);
            Assert.Equal(0, _b.Envelope.Sessions.Count);
            Assert.Empty(IdentityEnd.Say(_b, stranger, "who are you?"));
            Assert.Equal(0, _b.Envelope.Sessions.Count);
            IdentityEnd.Pass(TimeSpan.FromSeconds(6), _b);
        }
    }

    [Fact]
    public void Nobody_answers_for_another_node_at_its_address()
    {
        // C has taken the address of B, and cannot be B.
        _c.Address = _b.Address;
        Assert.Empty(IdentityEnd.Carry(_a, _c, _a.Seal(_b, "for b")));
        Assert.Equal(0, _a.Envelope.Sessions.Count);
        Assert.Equal(_c.Id, _a.Envelope.ResidentOf(_b.Address, _a.Now));
        Assert.Equal(["for b"], IdentityEnd.Say(_a, _b, "for b"));
    }

    [Fact]
    public void A_token_that_has_ended_ends_sessions_and_begins_none()
    {
        var brief = new IdentityEnd(_cluster.Security(4, _cluster.Token(SeededIdentities.Keys(4), 7200)), 4);
        IdentityEnd.Meet(brief, _b);
        for (var minute = 0; minute < 110; minute++)
        {
            IdentityEnd.Pass(TimeSpan.FromMinutes(1), brief, _b);
            Assert.Equal(["still here"], IdentityEnd.Say(brief, _b, "still here"));
        }

        IdentityEnd.Pass(TimeSpan.FromMinutes(15), brief, _b);
        Assert.Empty(IdentityEnd.Say(brief, _b, "still here"));
        Assert.False(_b.Envelope.IsMet(brief.Id, _b.Now));
        IdentityEnd.Pass(TimeSpan.FromMinutes(1), brief, _b);
        Assert.Empty(IdentityEnd.Say(brief, _b, "still here"));
        Assert.Equal(DropReason.NotAdmitted, _b.Last);
    }

    [Fact]
    public void A_token_that_ends_while_a_session_is_used_ends_the_session()
    {
        var brief = new IdentityEnd(_cluster.Security(4, _cluster.Token(SeededIdentities.Keys(4), 60)), 4);
        IdentityEnd.Pass(TimeSpan.FromSeconds(50), brief, _b);
        IdentityEnd.Meet(brief, _b);
        var heard = 0;
        for (var second = 0; second < 60; second++)
        {
            IdentityEnd.Pass(TimeSpan.FromSeconds(1), brief, _b);
            heard += IdentityEnd.Say(brief, _b, "still here").Count;
        }

        Assert.InRange(heard, 5, 22);
        Assert.Equal(0, _b.Envelope.Sessions.Count);
    }

    [Fact]
    public void A_revocation_ends_the_session_and_spreads_to_all_who_are_connected()
    {
        IdentityEnd.Meet(_a, _b);
        IdentityEnd.Meet(_b, _c);
        var late = new IdentityEnd(_cluster.Security(5), 5);
        Assert.True(_a.Security.Admission.TryRevoke(
            _cluster.Revoke(_c.Id, SeededIdentities.Epoch + 3600).Bytes, SeededIdentities.Epoch + 3600, out _));

        // A begins a session with D, which has not heard of it, and D tells B, with which it has one.
        var d = new IdentityEnd(_cluster.Security(4), 4);
        IdentityEnd.Meet(d, _b);
        IdentityEnd.Meet(_a, d);
        var news = _c.Security.Admission.Revocations.Count;
        Assert.Equal(0, news);
        Assert.Equal(1, d.Security.Admission.Revocations.Count);
        Assert.Equal(0, _b.Security.Admission.Revocations.Count);
        Assert.False(d.Security.Admission.Revocations.IsRevoked(late.Id, SeededIdentities.Epoch));

        // What D sent to B when it learned of it went another way than this test carries; it was sent.
        IdentityEnd.Pass(TimeSpan.FromMinutes(11), _a, _b, _c, d);
        Assert.NotEmpty(IdentityEnd.Say(d, _b, "b, too"));
        Assert.NotEmpty(IdentityEnd.Say(_b, d, "b, too"));
        IdentityEnd.Say(_b, d, "b, too");
        Assert.Equal(1, _b.Security.Admission.Revocations.Count);
        Assert.False(_b.Envelope.IsMet(_c.Id, _b.Now));
        Assert.Empty(IdentityEnd.Say(_c, _b, "let me stay"));
    }

    [Fact]
    public void News_of_a_revocation_goes_to_every_session_at_once()
    {
        IdentityEnd.Meet(_b, _a);
        IdentityEnd.Meet(_b, _c);
        var e = new IdentityEnd(_cluster.Security(5), 5);
        Assert.True(e.Security.Admission.TryRevoke(
            _cluster.Revoke(_c.Id, SeededIdentities.Epoch + 3600).Bytes, SeededIdentities.Epoch + 3600, out _));
        var told = new List<(Link To, byte[] Packet)>();
        var waiting = new Queue<(IdentityEnd From, IdentityEnd To, byte[] Packet)>([(e, _b, e.Seal(_b, "hello"))]);
        while (waiting.TryDequeue(out var next))
        {
            next.To.Open(next.From, next.Packet);
            foreach (var own in next.To.Own)
            {
                if (own.To.Address == next.From.Address)
                {
                    waiting.Enqueue((next.To, next.From, own.Packet));
                }
                else
                {
                    told.Add(own);
                }
            }
        }

        // Not to the one that was revoked: its session is over.
        Assert.Equal(_a.Address, Assert.Single(told).To.Address);
        Assert.Null(_a.Open(_b, told[0].Packet));
        Assert.True(_a.Security.Admission.Revocations.IsRevoked(_c.Id, SeededIdentities.Epoch));
        Assert.Empty(IdentityEnd.Say(_c, _b, "hello"));
        Assert.Equal(["hello"], IdentityEnd.Say(_a, _b, "hello"));
    }

    [Fact]
    public void A_member_that_forges_a_revocation_loses_its_session_and_revokes_nobody()
    {
        IdentityEnd.Meet(_a, _b);
        var forged = new SeededIdentities(2).Revoke(_c.Id, SeededIdentities.Epoch + 3600);
        var buffer = new byte[400];
        var writer = new WireWriter(buffer);
        writer.WriteZeros(32);
        NodeEnvelope.Address(buffer, _b.Id);
        var start = Frame.Begin(ref writer, Frame.Node, IdentityEnvelope.RevocationsFrame);
        writer.WriteBytes(forged.Bytes);
        Frame.End(ref writer, start);
        var packet = _a.Envelope.Seal(
            writer.Written, new Link(_b.Address, LinkKind.Datagram), _a.Id, _a.Now).ToArray();
        Assert.Null(_b.Open(_a, packet));
        Assert.False(_b.Envelope.IsMet(_a.Id, _b.Now));
        Assert.Equal(0, _b.Security.Admission.Revocations.Count);
        Assert.Empty(_b.Own);
    }

    [Fact]
    public void A_renewer_that_a_node_meets_extends_its_token_and_the_node_shows_the_new_one()
    {
        var (keys, renewerKeys) = (SeededIdentities.Keys(6), SeededIdentities.Keys(7));
        var node = new IdentityEnd(_cluster.Security(6, _cluster.Token(keys, SeededIdentities.Day)), 6);
        var renewer = new IdentityEnd(
            _cluster.Security(7, _cluster.Token(renewerKeys, 30 * SeededIdentities.Day, isRenewer: true)), 7);
        IdentityEnd.Meet(node, renewer);
        Assert.Equal(SeededIdentities.Epoch + SeededIdentities.Day, node.Security.TokenEnd);
        IdentityEnd.Pass(TimeSpan.FromHours(13), node, renewer);
        IdentityEnd.Meet(node, renewer);
        var end = SeededIdentities.Epoch + 3600 + (13 * 3600) + SeededIdentities.Day;
        Assert.Equal(end, node.Security.TokenEnd);
        IdentityEnd.Pass(TimeSpan.FromHours(20), node, _b);
        IdentityEnd.Meet(node, _b);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(end), _b.Envelope.IdentityOf(node.Id)!.ValidUntil);
    }

    [Fact]
    public void A_renewer_does_not_extend_what_was_revoked_and_nobody_else_extends()
    {
        var renewerKeys = SeededIdentities.Keys(7);
        var renewer = new IdentityEnd(
            _cluster.Security(7, _cluster.Token(renewerKeys, 30 * SeededIdentities.Day, isRenewer: true)), 7);
        var node = new IdentityEnd(
            _cluster.Security(6, _cluster.Token(SeededIdentities.Keys(6), SeededIdentities.Day)), 6);
        IdentityEnd.Pass(TimeSpan.FromHours(13), node, renewer, _b);
        IdentityEnd.Meet(node, _b);
        Assert.Equal(SeededIdentities.Epoch + SeededIdentities.Day, node.Security.TokenEnd);
        renewer.Security.Admission.TryRevoke(
            _cluster.Revoke(node.Id, SeededIdentities.Epoch + 3600).Bytes, SeededIdentities.Epoch + 3600, out _);
        Assert.Empty(IdentityEnd.Say(node, renewer, "extend me"));
        Assert.Equal(SeededIdentities.Epoch + SeededIdentities.Day, node.Security.TokenEnd);
    }
}
