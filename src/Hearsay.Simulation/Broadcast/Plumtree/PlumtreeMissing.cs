using Hearsay.Protocols;

namespace Hearsay.Simulation.Broadcast.Plumtree;

/// <summary>A message that was announced to a <see cref="PlumtreeProtocol"/> and is not there.</summary>
/// <param name="id">Its name.</param>
internal sealed class PlumtreeMissing(BroadcastId id)
{
    /// <summary>Its name.</summary>
    public BroadcastId Id => id;

    /// <summary>Who announced it, by slot.</summary>
    public uint Announcers { get; set; }

    /// <summary>Who of them was asked since the last round through them.</summary>
    public uint Asked { get; set; }

    /// <summary>Who asked here for it, by slot, and gets it when it comes.</summary>
    public uint Wanters { get; set; }

    /// <summary>The slot asked last, or -1.</summary>
    public int AskedLast { get; set; } = -1;

    /// <summary>How often it was asked for.</summary>
    public int Pulls { get; set; }

    /// <summary>When it is asked for next.</summary>
    public Instant Due { get; set; }
}
