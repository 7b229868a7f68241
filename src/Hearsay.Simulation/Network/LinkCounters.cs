namespace Hearsay.Simulation;

/// <summary>What a virtual network did to packets.</summary>
public sealed class LinkCounters
{
    /// <summary>Packets that nodes sent.</summary>
    public long Sent { get; internal set; }

    /// <summary>Of those, lost by chance or because a queue was full.</summary>
    public long Lost { get; internal set; }

    /// <summary>Delivered twice.</summary>
    public long Duplicated { get; internal set; }

    /// <summary>Delivered once more much later.</summary>
    public long Replayed { get; internal set; }

    /// <summary>Held back.</summary>
    public long Reordered { get; internal set; }

    /// <summary>Delivered with one bit flipped.</summary>
    public long Corrupted { get; internal set; }

    /// <summary>Delivered in part.</summary>
    public long Truncated { get; internal set; }

    /// <summary>Dropped, kept back or changed by an attacker.</summary>
    public long Tampered { get; internal set; }

    /// <summary>Captured packets that an attacker sent once more, to whomever.</summary>
    public long Injected { get; internal set; }
}
