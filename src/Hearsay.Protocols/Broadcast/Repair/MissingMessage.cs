using Hearsay.Protocols.Broadcast.Large;

namespace Hearsay.Protocols.Broadcast.Repair;

/// <summary>A message that was announced and is not here.</summary>
internal struct MissingMessage
{
    public BroadcastId Id;

    /// <summary>Who announced it, by slot.</summary>
    public uint Announcers;

    /// <summary>Who of them said that all chunks of it are there.</summary>
    public uint Holders;

    /// <summary>Who was asked since the last round through the announcers.</summary>
    public uint Asked;

    /// <summary>Who asked here for it, by slot, and gets it when it comes.</summary>
    public uint Wanters;

    /// <summary>Who announced it first, and is asked first.</summary>
    public sbyte First;

    /// <summary>The slot asked last, or -1.</summary>
    public sbyte AskedLast;

    /// <summary>The slot in whose <see cref="PullWindow"/> it counts, or -1.</summary>
    public sbyte Charged;

    /// <summary>How often it was asked for.</summary>
    public byte Pulls;

    /// <summary>How often somebody said it was coming.</summary>
    public byte Promises;

    /// <summary>The chunks of a large message, of the first 32, that came before its manifest.</summary>
    public uint EarlyChunks;

    /// <summary>Over how many links the first announcer got it.</summary>
    public byte Hops;

    /// <summary>The low bits of its sequence.</summary>
    public ushort Sequence;

    /// <summary>When it was announced first.</summary>
    public Instant Since;
}
