using CsCheck;
using Hearsay.Protocols.Security;
using OpenPacket = Hearsay.Protocols.Wire.Envelope;

namespace Hearsay.Protocols.Tests.Security;

/// <summary>What a record protects from whom, packet by packet.</summary>
public sealed class RecordEnvelopeTests
{
    private readonly NodeSecurity _security = SeededCipher.Security(1);
    private readonly RecordEnd _a;
    private readonly RecordEnd _b;
    private readonly RecordEnd _c;

    public RecordEnvelopeTests() => (_a, _b, _c) = (new(_security, 1), new(_security, 2), new(_security, 3));

    [Fact]
    public void A_known_sender_is_opened_at_once_and_its_packet_is_64_bytes_longer_than_its_frames()
    {
        RecordEnd.Meet(_a, _b);
        var packet = _a.Seal(_b, new string('x', 600));
        Assert.Equal(64 + 4 + 600, packet.Length);
        Assert.Equal(new string('x', 600), _b.Open(_a, packet));
    }

    [Fact]
    public void A_full_frame_fits_a_datagram_as_in_mode_open() =>
        Assert.Equal(1232, _a.Seal(_b, new byte[1200 - 32 - 4]).Length);

    [Fact]
    public void A_stranger_is_challenged_with_no_more_bytes_than_it_sent_and_nothing_is_kept()
    {
        for (var bytes = 0; bytes < 200; bytes++)
        {
            var packet = _a.Seal(_b, new byte[bytes]);
            Assert.Null(_b.Open(_a, packet));
            Assert.Equal(DropReason.Challenged, _b.Last);
            Assert.True(Assert.Single(_b.Own).Length <= packet.Length);
            Assert.Equal(0, _b.Envelope.Others.Count);
            Assert.True(_b.Envelope.Proven.IsNone);
            RecordEnd.Pass(TimeSpan.FromMilliseconds(50), _a, _b);
        }
    }

    [Fact]
    public void A_challenge_is_answered_with_the_same_packet_once()
    {
        var packet = _a.Seal(_b, "question");
        _b.Open(_a, packet);
        var challenge = Assert.Single(_b.Own);
        Assert.Null(_a.Open(_b, challenge));
        var again = Assert.Single(_a.Own);
        Assert.Equal(_b.Address, _a.Envelope.Proven);
        Assert.Equal("question", _b.Open(_a, again));
        Assert.Equal(_a.Address, _b.Envelope.Proven);

        _a.Open(_b, challenge);
        Assert.Empty(_a.Own);
        Assert.Null(_b.Open(_a, again));
        Assert.Equal(DropReason.Replayed, _b.Last);
        Assert.Null(_b.Open(_a, packet));
    }

    [Fact]
    public void A_full_datagram_that_is_challenged_goes_after_its_cookie()
    {
        var body = new string('x', 1164);
        _b.Open(_a, _a.Seal(_b, body));
        _a.Open(_b, Assert.Single(_b.Own));
        Assert.Equal(2, _a.Own.Count);
        var (cookie, packet) = (_a.Own[0], _a.Own[1]);
        Assert.Equal(string.Empty, _b.Open(_a, cookie));
        Assert.Equal(body, _b.Open(_a, packet));
    }

    [Fact]
    public void Two_strangers_that_write_at_the_same_time_understand_each_other()
    {
        var (fromA, fromB) = (_a.Seal(_b, "a"), _b.Seal(_a, "b"));
        _a.Open(_b, fromB);
        var challengeOfA = Assert.Single(_a.Own);
        _b.Open(_a, fromA);
        var challengeOfB = Assert.Single(_b.Own);
        _a.Open(_b, challengeOfB);
        var againFromA = Assert.Single(_a.Own);
        _b.Open(_a, challengeOfA);
        var againFromB = Assert.Single(_b.Own);
        Assert.Equal("b", _a.Open(_b, againFromB));
        Assert.Equal("a", _b.Open(_a, againFromA));
    }

    [Fact]
    public void Nodes_that_talk_go_from_boot_to_boot_without_a_challenge()
    {
        RecordEnd.Meet(_a, _b);
        var (challenges, boot) = (_a.Envelope.Challenges + _b.Envelope.Challenges, _a.Envelope.Boots.Current);
        for (var second = 0; second < 600; second++)
        {
            RecordEnd.Pass(TimeSpan.FromSeconds(1), _a, _b);
            Assert.Equal("ping", _b.Open(_a, _a.Seal(_b, "ping")));
            Assert.Equal("pong", _a.Open(_b, _b.Seal(_a, "pong")));
        }

        Assert.Equal(challenges, _a.Envelope.Challenges + _b.Envelope.Challenges);
        Assert.NotEqual(boot, _a.Envelope.Boots.Current);
        Assert.InRange(_b.Envelope.Others.Count, 1, 4);
    }

    [Fact]
    public void After_a_long_silence_a_packet_is_challenged_and_not_lost()
    {
        RecordEnd.Meet(_a, _b);
        for (var silence = 5; silence < 200; silence += 5)
        {
            RecordEnd.Pass(TimeSpan.FromSeconds(silence), _a, _b);
            var text = _b.Open(_a, _a.Seal(_b, "still there?"));
            if (text is null)
            {
                _a.Open(_b, Assert.Single(_b.Own));
                text = _b.Open(_a, Assert.Single(_a.Own));
            }

            Assert.Equal("still there?", text);
        }
    }

    [Fact]
    public void A_packet_for_one_node_is_not_opened_by_another()
    {
        RecordEnd.Meet(_a, _b);
        RecordEnd.Meet(_a, _c);
        Assert.Null(_c.Open(_a, _a.Seal(_b, "for b")));
        Assert.Equal(DropReason.NotAuthentic, _c.Last);
        Assert.Empty(_c.Own);

        // Without an echo, which names the receiver as well.
        RecordEnd.Pass(OwnBoots.EchoLifetime + TimeSpan.FromSeconds(1), _a, _b, _c);
        Assert.Null(_c.Open(_a, _a.Seal(_b, "for b")));
        Assert.Equal(DropReason.NotAuthentic, _c.Last);
    }

    [Fact]
    public void A_packet_that_comes_back_to_its_sender_is_not_used()
    {
        RecordEnd.Meet(_a, _b);
        Assert.Null(_a.Open(_b, _a.Seal(_b, "for b")));
        Assert.Equal(DropReason.NotAuthentic, _a.Last);

        _a.Open(_b, _a.Seal(_b, "for anyone", toAnyone: true));
        Assert.False(_a.Envelope.TryGetLast(out _));
        Assert.Empty(_a.Own);
    }

    [Theory]
    [InlineData("other", 1)]
    [InlineData("default", 2)]
    public void Another_cluster_or_key_is_dropped_without_a_byte(string cluster, byte key)
    {
        var stranger = new RecordEnd(SeededCipher.Security(9, cluster, key), 9, cluster);
        Assert.Null(_b.Open(stranger, stranger.Seal(_b, "let me in")));
        Assert.Equal(DropReason.NotAuthentic, _b.Last);
        Assert.Empty(_b.Own);
    }

    [Fact]
    public void The_label_is_authenticated_and_not_only_part_of_the_key()
    {
        // The key of one cluster under the label of another, as no honest node combines them.
        var stranger = new RecordEnd(_security, 9, "other");
        Assert.Null(_b.Open(stranger, stranger.Seal(_b, "let me in")));
        Assert.Equal(DropReason.NotAuthentic, _b.Last);
    }

    [Fact]
    public void An_open_packet_is_refused_by_a_protected_node_and_a_record_by_an_open_one()
    {
        var packet = new byte[200];
        OpenPacket.Seal(packet, OpenPacket.LabelOf("default"), _a.Id);
        Assert.Null(_b.Open(_a, packet));
        Assert.Equal(DropReason.WrongSecurity, _b.Last);
        Assert.False(OpenPacket.TryOpen(
            _a.Seal(_b, "record"), OpenPacket.LabelOf("default"), out _, out var refused));
        Assert.Equal(DropReason.WrongSecurity, refused);
    }

    [Fact]
    public void Every_bit_of_a_packet_counts()
    {
        RecordEnd.Meet(_a, _b);
        var packet = _a.Seal(_b, "every bit");
        for (var bit = 0; bit < 8 * packet.Length; bit++)
        {
            var changed = packet.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(_b.Open(_a, changed));
            Assert.NotEqual(DropReason.None, _b.Last);
            Assert.Empty(_b.Own);
        }

        Assert.Equal("every bit", _b.Open(_a, packet));
    }

    [Fact]
    public void Every_bit_of_a_challenge_and_of_what_answers_it_counts()
    {
        _b.Open(_a, _a.Seal(_b, "question"));
        var challenge = Assert.Single(_b.Own);
        for (var bit = 0; bit < 8 * challenge.Length; bit++)
        {
            var changed = challenge.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(_a.Open(_b, changed));
            Assert.Empty(_a.Own);
        }

        _a.Open(_b, challenge);
        var again = Assert.Single(_a.Own);
        for (var bit = 0; bit < 8 * again.Length; bit++)
        {
            var changed = again.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(_b.Open(_a, changed));
        }

        Assert.Equal("question", _b.Open(_a, again));
    }

    [Fact]
    public void Each_packet_is_opened_once_in_whatever_order_they_come() =>
        Gen.Shuffle(Enumerable.Range(0, 300).ToArray()).Sample(order =>
        {
            var security = SeededCipher.Security(7);
            var (a, b) = (new RecordEnd(security, 1), new RecordEnd(security, 2));
            RecordEnd.Meet(a, b);
            var packets = Enumerable.Range(0, 300).Select(i => a.Seal(b, $"{i}")).ToArray();
            foreach (var i in order)
            {
                Assert.Equal($"{i}", b.Open(a, packets[i]));
            }

            foreach (var i in order)
            {
                Assert.Null(b.Open(a, packets[i]));
                Assert.Equal(DropReason.Replayed, b.Last);
            }
        }, iter: 20);

    [Fact]
    public void What_is_further_behind_than_the_window_reaches_is_refused()
    {
        RecordEnd.Meet(_a, _b);
        var old = _a.Seal(_b, "old");
        for (var i = 0; i < 2048; i++)
        {
            Assert.NotNull(_b.Open(_a, _a.Seal(_b, "new")));
        }

        Assert.Null(_b.Open(_a, old));
        Assert.Equal(DropReason.Replayed, _b.Last);
    }

    [Fact]
    public void What_comes_ten_seconds_late_is_asked_for_again_and_a_live_sender_answers()
    {
        RecordEnd.Meet(_a, _b);
        var packet = _a.Seal(_b, "in time");
        var late = _a.Seal(_b, "late");
        RecordEnd.Pass(TimeSpan.FromSeconds(9), _b);
        Assert.Equal("in time", _b.Open(_a, packet));
        RecordEnd.Pass(TimeSpan.FromSeconds(2), _b);
        Assert.Null(_b.Open(_a, late));
        Assert.Equal(DropReason.Challenged, _b.Last);

        // The clock of a machine that slept stood still: what it sends next is late too, and proves that it is new.
        _a.Open(_b, Assert.Single(_b.Own));
        Assert.Equal("next", _b.Open(_a, _a.Seal(_b, "next")));
    }

    [Fact]
    public void A_captured_conversation_is_worth_nothing_after_a_restart_of_the_receiver()
    {
        var captured = new List<byte[]>();
        _b.Open(_a, Keep(_a.Seal(_b, "hello")));
        _a.Open(_b, Assert.Single(_b.Own));
        _b.Open(_a, Keep(Assert.Single(_a.Own)));
        for (var i = 0; i < 100; i++)
        {
            Assert.NotNull(_b.Open(_a, Keep(_a.Seal(_b, $"{i}"))));
        }

        var restarted = new RecordEnd(_security, 2);
        Assert.All(captured, packet => Assert.Null(restarted.Open(_a, packet)));
        RecordEnd.Pass(OwnBoots.EchoLifetime + TimeSpan.FromSeconds(1), _a, restarted);

        // What the sender sends next is lost, since it does not know yet that the other forgot it.
        restarted.Open(_a, _a.Seal(restarted, "lost"));
        _a.Open(restarted, Assert.Single(restarted.Own));
        Assert.Equal("hello", restarted.Open(_a, _a.Seal(restarted, "hello")));
        Assert.All(captured, packet => Assert.Null(restarted.Open(_a, packet)));

        byte[] Keep(byte[] packet)
        {
            captured.Add(packet);
            return packet;
        }
    }

    [Fact]
    public void A_captured_conversation_is_worth_nothing_later()
    {
        RecordEnd.Meet(_a, _b);
        var captured = new List<byte[]>();
        for (var i = 0; i < 600; i++)
        {
            RecordEnd.Pass(TimeSpan.FromSeconds(.5), _a, _b);
            captured.Add(_a.Seal(_b, $"{i}"));
            Assert.NotNull(_b.Open(_a, captured[^1]));
            _a.Open(_b, _b.Seal(_a, "pong"));
        }

        for (var hours = 0; hours < 3; hours++)
        {
            foreach (var packet in captured)
            {
                Assert.Null(_b.Open(_a, packet));
                Assert.All(_b.Own, challenge =>
                {
                    // Whoever sent them again cannot make the sender answer for it.
                    _a.Open(_b, challenge);
                    Assert.Empty(_a.Own);
                });
            }

            RecordEnd.Pass(TimeSpan.FromMinutes(hours * 20), _a, _b);
        }
    }

    [Fact]
    public void A_cookie_is_taken_from_its_own_address_only_and_for_four_seconds()
    {
        _b.Open(_a, _a.Seal(_b, "question"));
        _a.Open(_b, Assert.Single(_b.Own));
        var again = Assert.Single(_a.Own);
        RecordEnd.Pass(TimeSpan.FromSeconds(4.1), _b);
        Assert.Null(_b.Open(_a, again));
        Assert.Equal(DropReason.Challenged, _b.Last);

        _b.Open(_a, _a.Seal(_b, "question"));
        _a.Open(_b, Assert.Single(_b.Own));
        again = Assert.Single(_a.Own);
        _b.Open(_c.Address, again);
        Assert.NotEqual(_c.Address, _b.Envelope.Proven);
    }

    [Fact]
    public void Streams_and_datagrams_have_numbers_of_their_own()
    {
        RecordEnd.Meet(_a, _b);
        var stream = _a.Seal(_b, "stream", LinkKind.Stream);
        Assert.Null(_b.Open(_a, stream));
        for (var i = 0; i < 3000; i++)
        {
            Assert.NotNull(_b.Open(_a, _a.Seal(_b, "datagram")));
        }

        Assert.Equal("stream", _b.Open(_a, stream, LinkKind.Stream));
        Assert.Null(_b.Open(_a, stream, LinkKind.Stream));
        var large = new string('x', 65_000);
        Assert.Equal(large, _b.Open(_a, _a.Seal(_b, large, LinkKind.Stream), LinkKind.Stream));
    }

    [Fact]
    public void No_word_of_a_packet_is_on_the_wire()
    {
        RecordEnd.Meet(_a, _b);
        var text = "a known word";
        var packet = _a.Seal(_b, text);
        Assert.True(packet.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) < 0);
        Span<byte> id = stackalloc byte[16];
        _a.Id.Write(id);
        Assert.True(packet.AsSpan().IndexOf(id) < 0);
    }

    [Fact]
    public void Nonces_never_repeat()
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < 2000; i++)
        {
            var kind = i % 3 == 0 ? LinkKind.Stream : LinkKind.Datagram;
            Assert.True(seen.Add(Convert.ToHexString(_a.Seal(_b, "x", kind).AsSpan(6, 20))));
            RecordEnd.Pass(TimeSpan.FromMilliseconds(200), _a);
        }
    }
}
