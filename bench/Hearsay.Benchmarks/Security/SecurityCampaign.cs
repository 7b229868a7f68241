using System.Diagnostics;
using Hearsay.Protocols;
using Hearsay.Protocols.Security;
using Hearsay.Protocols.Wire;
using Hearsay.Security;

namespace Hearsay.Benchmarks.Security;

/// <summary>What records cost: alone, and in exchanges of views over sockets, compared with mode open.</summary>
internal static class SecurityCampaign
{
    private const int Batches = 200;
    private const int FrameBytes = 600;

    /// <summary>Exchanges before the first that counts: then the compiler has seen what is called often.</summary>
    private const int WarmUp = 20_000;

    private static readonly SodiumCipher Cipher = new();

    public static void Run()
    {
        Primitives();
        Envelopes();
        IdentityCampaign.Handshakes();
        Exchanges("known partners", TimeSpan.FromMilliseconds(1));
        Exchanges("a partner in three unknown, N = 40", TimeSpan.FromMilliseconds(25));
        Exchanges("unknown partners", TimeSpan.FromSeconds(90));
    }

    private static NodeSecurity Security() =>
        new(Cipher, new RecordKey(Cipher, new byte[RecordCipher.KeyBytes], 1, "default"));

    private static void Primitives()
    {
        var (key, boot, data) = (new byte[32], new byte[16], new byte[RecordFormat.DataBytes]);
        var (text, tag, opened) = (new byte[FrameBytes], new byte[16], new byte[FrameBytes]);
        Show("derive the key of a boot", Best(200, () => Cipher.Derive(key, boot, opened.AsSpan(0, 32))));
        Show("seal 600 bytes", Best(200, () => Cipher.Seal(key, 1, data, text, tag)));
        Show("open 600 bytes", Best(200, () => Cipher.TryOpen(key, 1, data, text, tag, opened)));
        tag[0] ^= 1;
        Show("refuse 600 bytes with a bad tag", Best(200, () => Cipher.TryOpen(key, 1, data, text, tag, opened)));
    }

    private static void Envelopes()
    {
        var (a, b) = (new End(1), new End(2));
        a.Write(b);
        b.Open(a, a.Sealed);
        a.Open(b, b.Own);
        b.Open(a, a.Own);
        b.Write(a);
        a.Open(b, b.Sealed);
        var seal = Best(100, () => b.Write(a));
        var write = Best(100, () => b.Write(a, seals: false));
        Show("a packet of 600 bytes of frames is sealed", seal - write);
        var both = Best(100, () =>
        {
            a.Write(b);
            if (!b.Open(a, a.Sealed))
            {
                throw new InvalidOperationException("A record was not opened.");
            }
        });
        Show("and opened", both - seal);
        a.Write(b);
        var bad = a.Sealed.ToArray();
        bad[^1] ^= 1;
        Show("or refused", Best(100, () => b.Open(a, bad)));
    }

    private static void Exchanges(string what, TimeSpan between)
    {
        using var open = new SocketRig(40, security: null);
        using var key = new SocketRig(40, Security());
        using var identity = new SocketRig(40, security: null, IdentityCampaign.Identities());
        foreach (var rig in new[] { open, key, identity })
        {
            for (var i = 0; i < WarmUp; i++)
            {
                rig.Exchange(TimeSpan.FromMilliseconds(1));
            }
        }

        var (packets, bytes, before) = (key.Packets, key.Bytes, key.Exchanges);
        var (itsPackets, itsBytes, itsBefore) = (identity.Packets, identity.Bytes, identity.Exchanges);
        var (ofOpen, ofKey, ofIdentity) = (double.MaxValue, double.MaxValue, double.MaxValue);
        var (keyToOpen, identityToOpen) = (new double[Batches], new double[Batches]);
        for (var batch = 0; batch < Batches; batch++)
        {
            // In turn, so that whatever else the machine does meets both.
            var (one, other, third) = (
                Time(40, () => open.Exchange(between)), Time(40, () => key.Exchange(between)),
                Time(40, () => identity.Exchange(between)));
            (keyToOpen[batch], identityToOpen[batch]) = (other / one, third / one);
            (ofOpen, ofKey) = (Math.Min(ofOpen, one), Math.Min(ofKey, other));
            ofIdentity = Math.Min(ofIdentity, third);
        }

        var exchanges = key.Exchanges - before;
        Console.WriteLine(
            $"exchange, {what}: open {ofOpen:0.0} us, key {ofKey:0.0} us, {ofKey / ofOpen:0.00}x, "
            + $"median of turns {Median(keyToOpen):0.00}x; "
            + $"{(key.Packets - packets) / (double)exchanges:0.00} packets, "
            + $"{(key.Bytes - bytes) / (double)exchanges:0} bytes each");
        exchanges = identity.Exchanges - itsBefore;
        Console.WriteLine(
            $"exchange, {what}: identity {ofIdentity:0.0} us, {ofIdentity / ofOpen:0.00}x, "
            + $"median of turns {Median(identityToOpen):0.00}x; "
            + $"{(identity.Packets - itsPackets) / (double)exchanges:0.00} packets, "
            + $"{(identity.Bytes - itsBytes) / (double)exchanges:0} bytes each");
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }

    internal static void Show(string what, double microseconds) => Console.WriteLine($"{what}: {microseconds:0.00} us");

    internal static double Best(int times, Action action)
    {
        var best = double.MaxValue;
        for (var batch = 0; batch < Batches; batch++)
        {
            best = Math.Min(best, Time(times, action));
        }

        return best;
    }

    /// <summary>Microseconds for one.</summary>
    private static double Time(int times, Action action)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / times;
    }

    /// <summary>The envelope of one node.</summary>
    private sealed class End(byte id)
    {
        private static readonly NodeSecurity Shared = Security();

        private readonly RecordEnvelope _envelope = new(Shared, 1);
        private readonly byte[] _packet = new byte[NodeEnvelope.LongestDatagramBytes];
        private int _length;

        public ReadOnlySpan<byte> Sealed => _packet.AsSpan(0, _length);

        public byte[] Own { get; private set; } = [];

        private NodeId Id { get; } = new(id, id);

        private NodeAddress Address { get; } = NodeAddress.FromIPv4(id, 1);

        private static Instant Now => new(TimeSpan.TicksPerHour);

        public void Write(End to, bool seals = true)
        {
            var writer = new WireWriter(_packet);
            writer.WriteZeros(_envelope.HeadBytes);
            NodeEnvelope.Address(writer.Written, to.Id);
            var start = Frame.Begin(ref writer, 200, 1);
            writer.TryTake(FrameBytes - Frame.HeaderBytes, out _);
            Frame.End(ref writer, start);
            _length = writer.Position;
            if (seals)
            {
                Seal(to);
            }
        }

        public void Seal(End to) =>
            _envelope.Seal(_packet.AsSpan(0, _length), new Link(to.Address, LinkKind.Datagram), Id, Now);

        public bool Open(End from, ReadOnlySpan<byte> packet)
        {
            var link = new Link(from.Address, LinkKind.Datagram);
            var isOpen = _envelope.TryOpen(packet, link, Id, Now, out _, out _);
            if (_envelope.TryTakeOwn(out _, out var own))
            {
                Own = own.ToArray();
            }

            return isOpen;
        }
    }
}
