using System.Buffers.Binary;
using Hearsay.Protocols.Security.Origins;

namespace Hearsay.Protocols.Broadcast.Contracts;

/// <summary>A message as it crosses a link; the bytes are the packet's or the store's.</summary>
internal readonly ref struct MessageFrame
{
    public const byte Pulled = 1;
    public const byte Repair = 2;

    /// <summary>Somebody on the way had to pull it: that it is late says nothing of the tree.</summary>
    public const byte Late = 4;

    /// <summary>The first of its chunks, a window of them, follow without being asked for.</summary>
    public const byte Feeds = 8;

    /// <summary>All its chunks are where it comes from.</summary>
    public const byte Whole = 16;

    /// <summary>That it is late says nothing of the tree.</summary>
    public const byte AnyLate = Pulled | Repair | Late;

    public const byte Plain = 0;
    public const byte Large = 1;

    /// <summary>A bit of the kind: the publisher wants to know how far it got.</summary>
    public const byte Tracked = 2;

    /// <summary>
    /// A bit of the kind: behind the topic are the trace and the span that published it. Whoever traces its own part of
    /// the way names them.
    /// </summary>
    public const byte Traced = 4;

    /// <summary>
    /// A bit of the kind: behind the payload is the proof of who published it (<see cref="OriginProof"/>), which the
    /// name does not cover. All messages of mode identity have it, and those of no other mode.
    /// </summary>
    public const byte Signed = 8;

    /// <summary>What the signatures of messages are for.</summary>
    public static ReadOnlySpan<byte> Purpose => "hearsay message 1"u8;

    /// <summary>A trace id of 16 bytes and a span id of 8, as W3C has them.</summary>
    public const int TraceBytes = 24;

    /// <summary>Flags, hops and age, which change on the way.</summary>
    public const int ChangingBytes = 6;

    /// <summary>Everything before the topic.</summary>
    public const int HeaderBytes = ChangingBytes + SourceKey.SizeBytes + 10;

    /// <summary>Where the kind is.</summary>
    public const int KindAt = ChangingBytes + SourceKey.SizeBytes + sizeof(ulong);

    public ReadOnlySpan<byte> Body { get; private init; }

    public SourceKey Source { get; private init; }

    public ulong Sequence { get; private init; }

    public byte Kind { get; private init; }

    public bool IsLarge => (Kind & Large) != 0;

    public bool IsTracked => (Kind & Tracked) != 0;

    public bool IsSigned => (Kind & Signed) != 0;

    public ReadOnlySpan<byte> Topic { get; private init; }

    /// <summary>The trace and the span; empty if it is not traced.</summary>
    public ReadOnlySpan<byte> Trace { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Where the payload begins in the body.</summary>
    public int PayloadAt => Body.Length - Proof.Length - Payload.Length;

    /// <summary>The proof of who published it; empty if it is not signed.</summary>
    public ReadOnlySpan<byte> Proof { get; private init; }

    public byte Flags => Body[0];

    public byte Hops => Body[1];

    /// <summary>In ticks.</summary>
    public long Age => BinaryPrimitives.ReadUInt32BigEndian(Body[2..]) * AgeUnit;

    /// <summary>What its name and its proof cover.</summary>
    public ReadOnlySpan<byte> Unchanging => Body[ChangingBytes..^Proof.Length];

    private const byte AnyKind = Large | Tracked | Traced | Signed;

    private const long AgeUnit = TimeSpan.TicksPerMillisecond / 10;

    public static bool TryRead(ReadOnlySpan<byte> body, out MessageFrame frame)
    {
        frame = default;
        if (body.Length < HeaderBytes)
        {
            return false;
        }

        var reader = new WireReader(body[ChangingBytes..]);
        var source = SourceKey.Read(ref reader);
        var (sequence, kind, topicBytes) = (reader.ReadUInt64(), reader.ReadByte(), reader.ReadByte());
        var topic = reader.ReadBytes(topicBytes);
        var trace = reader.ReadBytes((kind & Traced) != 0 ? TraceBytes : 0);
        var isSigned = (kind & Signed) != 0;
        var rest = reader.Rest;
        var proofBytes = isSigned ? OriginProof.LengthAtEndOf(rest) : 0;
        frame = new MessageFrame
        {
            Body = body, Source = source, Sequence = sequence, Kind = kind, Topic = topic, Trace = trace,
            Payload = rest[..^proofBytes], Proof = rest[^proofBytes..],
        };
        return !reader.Failed && topicBytes <= BroadcastOptions.MaximumTopicBytes && kind <= AnyKind
            && isSigned == proofBytes > 0 && sequence is > 0 and < ulong.MaxValue && !source.Origin.IsNone;
    }

    /// <summary>Writes a new message with no hops and no age; a proof goes behind it.</summary>
    public static void Write(
        Span<byte> body, in SourceKey source, ulong sequence, byte kind, ReadOnlySpan<byte> topic,
        ReadOnlySpan<byte> payload, ReadOnlySpan<byte> trace = default)
    {
        var writer = new WireWriter(body);
        writer.WriteZeros(ChangingBytes);
        source.Write(ref writer);
        writer.WriteUInt64(sequence);
        writer.WriteByte((byte)(kind | (trace.IsEmpty ? Plain : Traced)));
        writer.WriteByte((byte)topic.Length);
        writer.WriteBytes(topic);
        writer.WriteBytes(trace);
        writer.WriteBytes(payload);
    }

    /// <summary>Sets what changes on the way.</summary>
    public static void Stamp(Span<byte> body, byte flags, int hops, long ageTicks)
    {
        body[0] = flags;
        body[1] = (byte)Math.Min(hops, byte.MaxValue);
        BinaryPrimitives.WriteUInt32BigEndian(body[2..], (uint)Math.Clamp(ageTicks / AgeUnit, 0, uint.MaxValue));
    }
}
