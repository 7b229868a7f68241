namespace Hearsay.Simulation;

/// <summary>The counters of a virtual network: what happened to packets.</summary>
public sealed class LinkCounters
{
    /// <summary>Packets that nodes sent.</summary>
    public long Sent { get; internal set; }

    /// <summary>Packets lost by chance or because a queue was full.</summary>
    public long Lost { get; internal set; }

    /// <summary>Packets delivered twice.</summary>
    public long Duplicated { get; internal set; }

    /// <summary>Packets delivered a second time much later.</summary>
    public long Replayed { get; internal set; }

    /// <summary>Packets held back.</summary>
    public long Reordered { get; internal set; }

    /// <summary>Packets delivered with one bit flipped.</summary>
    public long Corrupted { get; internal set; }

    /// <summary>Packets delivered only in part.</summary>
    public long Truncated { get; internal set; }

    /// <summary>Packets dropped, held back or changed by an attacker.</summary>
    public long Tampered { get; internal set; }

    /// <summary>Captured packets that an attacker sent again, to any node.</summary>
    public long Injected { get; internal set; }
}
