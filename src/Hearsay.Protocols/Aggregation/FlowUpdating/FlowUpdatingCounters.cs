using Hearsay.Protocols.Aggregation.Carriers;

namespace Hearsay.Protocols.Aggregation.FlowUpdating;

/// <summary>
/// What flow updating counted since the node started. Fields only grow; the event loop writes them, any thread may
/// read.
/// </summary>
internal sealed class FlowUpdatingCounters : CarrierCounters
{
    /// <summary>Exchanges sent.</summary>
    public long Started;

    /// <summary>Of those, answered and applied.</summary>
    public long Completed;

    /// <summary>Exchanges of others answered.</summary>
    public long Answered;

    /// <summary>Exchanges of others left alone, as one of this node's own was under way over the same link.</summary>
    public long Crossed;

    /// <summary>Exchanges that came again or late.</summary>
    public long Stale;

    /// <summary>Answers and refusals that belong to nothing open.</summary>
    public long Stray;

    /// <summary>Links refused because there is no room or nothing to exchange.</summary>
    public long LinksRefused;

    /// <summary>Links that came up.</summary>
    public long LinksUp;

    /// <summary>Links given up because the neighbour did not answer any more.</summary>
    public long Failures;

    /// <summary>Links the other side ended.</summary>
    public long Dropped;

    /// <summary>Links that gave way to a newer one.</summary>
    public long Mixed;

    /// <summary>Flows of single aggregates that were no number, absurd, or of the wrong length.</summary>
    public long FlowsRefused;
}
