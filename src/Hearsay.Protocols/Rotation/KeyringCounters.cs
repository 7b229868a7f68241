namespace Hearsay.Protocols.Rotation;

/// <summary>
/// What the exchange of keyrings has counted on one node. The event loop writes it, and any thread may read it.
/// </summary>
internal sealed class KeyringCounters
{
    /// <summary>How often the ring has changed because of what others or the operator sent.</summary>
    public long Changed { get; internal set; }

    /// <summary>Rings that were sent.</summary>
    public long Sent { get; internal set; }

    /// <summary>Rings that the operator has not signed.</summary>
    public long Refused { get; internal set; }

    /// <summary>Rings that were not sent or not looked at, because there were too many in a second.</summary>
    public long Throttled { get; internal set; }
}
