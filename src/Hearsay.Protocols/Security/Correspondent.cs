using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Security;

/// <summary>What a node knows of another one under one of its boots: which of its records it has opened.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Correspondent
{
    /// <summary>Who it is.</summary>
    public NodeId Id;

    /// <summary>Its boot; zero if the place is free.</summary>
    public UInt128 Boot;

    /// <summary>Where it was when its window opened.</summary>
    public NodeAddress Address;

    /// <summary>The network of that address.</summary>
    public ulong Prefix;

    /// <summary>The highest number of its datagrams.</summary>
    public uint HighestDatagram;

    /// <summary>The highest number on its streams.</summary>
    public uint HighestStream;

    /// <summary>
    /// The number at which its window opened. What was sent before it, and was overtaken, is opened only if it echoes
    /// this life of the node: it may have come to an earlier one.
    /// </summary>
    public uint First;

    /// <summary>The number of its latest record, which is echoed to it.</summary>
    public uint Latest;

    /// <summary>This node's clock less the sender's uptime, in eighths of a second, when its window opened.</summary>
    public ushort Offset;

    /// <summary>When its window opened.</summary>
    public Instant OpenedAt;

    /// <summary>When its latest record came.</summary>
    public Instant HeardAt;

    /// <summary>When it was last sent a record.</summary>
    public Instant SentAt;

    /// <summary>Until then it keeps its place, since a cookie for it may still be taken.</summary>
    public Instant KeptUntil;

    /// <summary>This node's boot of which it has opened a record; zero for none.</summary>
    public UInt128 Confirmed;

    /// <summary>The newest key that it has used, or has shown to have.</summary>
    public RecordKey? Key;

    /// <summary>The key of its boot, derived when it was first needed.</summary>
    public BootKey BootKey;

    /// <summary>From which key that is derived; null before.</summary>
    public RecordKey? BootKeyOf;

    /// <summary>How many of its records were opened, up to <see cref="Settled"/>.</summary>
    public int Opened;

    /// <summary>From so many records on it gives way only where all do.</summary>
    public const int Settled = 32;
}
