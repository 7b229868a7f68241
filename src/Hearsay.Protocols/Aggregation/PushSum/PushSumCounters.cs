namespace Hearsay.Protocols;

/// <summary>
/// What push-sum counted since the node started. Fields only grow; the event loop writes them, any thread may read.
/// </summary>
internal sealed class PushSumCounters
{
    /// <summary>Pushes sent.</summary>
    public long Sent;

    /// <summary>Pushes of others taken in.</summary>
    public long Taken;

    /// <summary>Pushes that came again.</summary>
    public long Repeated;

    /// <summary>Pushes of an epoch that has passed here, or that came while this node did not know the epoch.</summary>
    public long Stale;

    /// <summary>Epochs too far ahead to follow, or before their time too soon after another one that was.</summary>
    public long EpochsRefused;

    /// <summary>Times this node followed others to a later epoch.</summary>
    public long Jumps;

    /// <summary>Epochs completed.</summary>
    public long Epochs;

    /// <summary>Frames that were no valid message.</summary>
    public long Malformed;

    /// <summary>Masses of single aggregates that were no number, absurd, of the wrong length or unknown here.</summary>
    public long MassesRefused;

    /// <summary>Own values that came too late, twice, or were no usable number.</summary>
    public long ValuesRefused;

    /// <summary>Aggregates refused because there were too many.</summary>
    public long DefinitionsRefused;
}
