using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Broadcast.Store;

/// <summary>A name that is remembered, with its message as long as that is held.</summary>
internal struct StoredMessage
{
    public BroadcastId Id;
    public SourceKey Source;
    public ulong Sequence;

    /// <summary>
    /// The memory that the body of its frame is in, behind room for the number of a link; null once it is not held.
    /// </summary>
    public BodySegment? Segment;

    /// <summary>Where the room for the number begins.</summary>
    public int Offset;

    /// <summary>With the room for the number.</summary>
    public int Length;

    /// <summary>Whether the message is held.</summary>
    public readonly bool IsHeld => Segment is not null;

    /// <summary>The number of a link and the message, as they go out.</summary>
    public readonly Span<byte> Body => Segment!.Buffer.AsSpan(Offset, Length);

    /// <summary>The message without the number of a link.</summary>
    public readonly Span<byte> Frame => Body[BroadcastFrame.LinkBytes..];

    /// <summary>The place of the next message of its source, or -1.</summary>
    public long NextOfSource;

    /// <summary>When it came, in ticks.</summary>
    public long Received;

    /// <summary>How old it was then, in ticks.</summary>
    public long AgeThen;

    /// <summary>Over how many links it came.</summary>
    public byte Hops;

    /// <summary><see cref="MessageFrame.Late"/>, if it or somebody on its way here was late.</summary>
    public byte Late;

    /// <summary>Whether all of a large message came, also if it has made room since.</summary>
    public bool IsWhole;

    /// <summary>The packet in answer to which it was sent last, by number.</summary>
    public long AnsweredIn;

    /// <summary>Whether it is the manifest of a large message; only while it is held.</summary>
    public readonly bool IsLarge => (Frame[MessageFrame.KindAt] & MessageFrame.Large) != 0;

    public readonly long AgeAt(Instant now) => AgeThen + now.Ticks - Received;
}
