using Hearsay.Protocols.Security.Identity;
using Hearsay.Tests;

namespace Hearsay.Protocols.Tests.Security.Identity;

/// <summary>What packets cost a node of mode identity: no memory, good or bad.</summary>
public sealed class IdentityFloodTests
{
    private const int Packets = 5_000;

    private readonly SeededIdentities _cluster = new();
    private readonly IdentityEnd _a;
    private readonly IdentityEnd _b;

    public IdentityFloodTests() => (_a, _b) = (new(_cluster.Security(1), 1), new(_cluster.Security(2), 2));

    [Theory]
    [InlineData("random")]
    [InlineData("session and junk")]
    [InlineData("unknown session")]
    [InlineData("greeting and junk")]
    [InlineData("wrong key")]
    [InlineData("replayed")]
    public void A_refused_datagram_allocates_nothing_and_changes_nothing(string kind)
    {
        IdentityEnd.Meet(_a, _b);
        var packets = Make(kind);
        var link = new Link(_a.Address, LinkKind.Datagram);
        Flood(link, packets, 100);
        var known = _b.Envelope.Sessions.Count;
        var used = 0;
        Assert.Equal(0, SteadyState.Bytes(() => used += Flood(link, packets, Packets)));
        Assert.Equal(0, used);
        Assert.Equal(known, _b.Envelope.Sessions.Count);
        _a.Now = _b.Now;
        Assert.Equal(["still here"], IdentityEnd.Say(_a, _b, "still here"));
    }

    [Fact]
    public void Sealing_and_opening_allocate_nothing_in_the_steady_state()
    {
        IdentityEnd.Meet(_a, _b);
        var packet = new byte[700];
        var (to, from) = (new Link(_b.Address, LinkKind.Datagram), new Link(_a.Address, LinkKind.Datagram));
        var opened = 0;
        void Exchange()
        {
            for (var i = 0; i < 1000; i++)
            {
                packet.AsSpan().Clear();
                Hearsay.Protocols.Wire.NodeEnvelope.Address(packet, _b.Id);
                var closed = _a.Envelope.Seal(packet, to, _a.Id, _a.Now);
                opened += _b.Envelope.TryOpen(closed, from, _b.Id, _b.Now, out _, out _) ? 1 : 0;
            }
        }

        Exchange();
        Assert.Equal(0, SteadyState.Bytes(Exchange));
        Assert.InRange(opened, 2000, 4000);
        Assert.Equal(0, opened % 1000);
    }

    [Fact]
    public void No_word_of_a_packet_is_seen_on_the_way()
    {
        var seen = new List<byte[]>();
        var hello = _a.Seal(_b, "a word that is searched for");
        var waiting = new Queue<(IdentityEnd From, IdentityEnd To, byte[] Packet)>([(_a, _b, hello)]);
        while (waiting.TryDequeue(out var next))
        {
            seen.Add(next.Packet);
            next.To.Open(next.From, next.Packet);
            foreach (var (_, own) in next.To.Own)
            {
                waiting.Enqueue((next.To, next.From, own));
            }
        }

        Assert.Equal(5, seen.Count);
        byte[][] words =
        [
            "searched for"u8.ToArray(), _a.Security.Token.ToArray()[..32], _a.Security.Keys.Public.ToArray(),
            _b.Security.Keys.Public.ToArray(), BitConverter.GetBytes(_a.Id.High),
        ];
        Assert.All(seen, packet => Assert.All(words, word => Assert.Equal(-1, packet.AsSpan().IndexOf(word))));
    }

    [Fact]
    public void Whatever_somebody_with_the_public_admission_key_sends_changes_nothing_and_throws_nothing()
    {
        IdentityEnd.Meet(_a, _b);
        var (known, random) = (_b.Envelope.Sessions.Count, new SeededRandom(11));
        var greetings = new List<byte[]> { new IdentityEnd(_cluster.Security(30), 30).Seal(_b, "hello") };
        for (var i = 0; i < 3_000; i++)
        {
            var length = random.Below(4) == 0 ? SessionFormat.HandshakeBytes : 46 + random.Below(800);
            var packet = new byte[length];
            foreach (ref var value in packet.AsSpan(SessionFormat.BodyOffset))
            {
                value = (byte)(random.Below(3) == 0 ? 0 : random.NextUInt64());
            }

            SessionFormat.SealGreeting(_b.Security, _cluster.Label, packet, (GreetingType)random.Below(8));
            Assert.Null(_b.Open(_a, packet));
            Assert.All(_b.Own, own => Assert.True(own.Packet.Length <= packet.Length));
            var mutated = greetings[0].ToArray();
            mutated[random.Below(mutated.Length)] ^= (byte)(1 << random.Below(8));
            Assert.Null(_b.Open(_a, mutated));
            IdentityEnd.Pass(TimeSpan.FromMilliseconds(1), _a, _b);
        }

        Assert.Equal(known, _b.Envelope.Sessions.Count);
        Assert.Equal(["still here"], IdentityEnd.Say(_a, _b, "still here"));
    }

    [Fact]
    public void Whatever_a_member_sends_inside_a_session_throws_nothing()
    {
        IdentityEnd.Meet(_a, _b);
        var random = new SeededRandom(12);
        for (var i = 0; i < 2_000; i++)
        {
            if (!_a.Envelope.IsMet(_b.Id, _a.Now) || !_b.Envelope.IsMet(_a.Id, _b.Now))
            {
                // A forged revocation has ended the session.
                _a.Restart();
                IdentityEnd.Pass(TimeSpan.FromSeconds(6), _a, _b);
                IdentityEnd.Meet(_a, _b);
            }

            var packet = new byte[64 + random.Below(1100)];
            foreach (ref var value in packet.AsSpan(32))
            {
                value = (byte)random.NextUInt64();
            }

            (packet[32], packet[33], packet[34]) = (0, (byte)(15 + random.Below(5)), (byte)random.Below(5));
            Hearsay.Protocols.Wire.NodeEnvelope.Address(packet, _b.Id);
            var to = new Link(_b.Address, LinkKind.Datagram);
            _b.Open(_a, _a.Envelope.Seal(packet, to, _a.Id, _a.Now).ToArray());
            IdentityEnd.Pass(TimeSpan.FromMilliseconds(1), _a, _b);
        }

        Assert.Equal(0, _b.Security.Admission.Revocations.Count);
    }

    private int Flood(in Link link, byte[][] packets, int count)
    {
        var used = 0;
        for (var i = 0; i < count; i++)
        {
            var packet = packets[i % packets.Length];
            used += _b.Envelope.TryOpen(packet, link, _b.Id, _b.Now, out _, out _) ? 1 : 0;
            while (_b.Envelope.TryTakeOwn(out _, out _))
            {
            }

            _b.Now += TimeSpan.FromMicroseconds(10);
        }

        return used;
    }

    private byte[][] Make(string kind)
    {
        var random = new SeededRandom(5);
        var foreign = new IdentityEnd(new SeededIdentities(2).Security(9), 9);
        var packets = new byte[64][];
        for (var i = 0; i < packets.Length; i++)
        {
            var other = new IdentityEnd(_cluster.Security(20), 20);
            packets[i] = kind switch
            {
                "greeting and junk" => other.Seal(_b, "hello"),
                "wrong key" => foreign.Seal(_b, $"{i}") is { Length: > 0 } hello ? hello : packets[0],
                _ => _a.Seal(_b, $"packet {i}"),
            };
            var junk = kind switch { "random" => 0, "session and junk" => 16, "greeting and junk" => 30, _ => 9999 };
            for (var j = junk; j < packets[i].Length; j++)
            {
                packets[i][j] = (byte)random.NextUInt64();
            }

            if (kind == "unknown session")
            {
                packets[i][5] ^= 0x55;
            }

            if (kind == "replayed")
            {
                Assert.NotNull(_b.Open(_a, packets[i]));
            }
        }

        return packets;
    }
}
