namespace Hearsay.Protocols;

/// <summary>What the neighbours protocol counted since the node started. Written by the event loop only.</summary>
public sealed class NeighbourCounters
{
    /// <summary>Links that came up, renewals included.</summary>
    public long LinksUp { get; internal set; }

    /// <summary>Links that went down, for whatever reason.</summary>
    public long LinksDown { get; internal set; }

    /// <summary>Of these, links whose peer stopped answering.</summary>
    public long Failures { get; internal set; }

    /// <summary>Of these, links dropped to make room for somebody who needed a neighbour more.</summary>
    public long Displaced { get; internal set; }

    /// <summary>Requests this node sent, repetitions included.</summary>
    public long RequestsSent { get; internal set; }

    /// <summary>Requests that were refused.</summary>
    public long Refusals { get; internal set; }

    /// <summary>Peers that did not answer a request.</summary>
    public long Unreachable { get; internal set; }

    /// <summary>Requests not sent because too many were on the way.</summary>
    public long RequestsSkipped { get; internal set; }

    /// <summary>Heartbeats sent.</summary>
    public long Pings { get; internal set; }

    /// <summary>Shuffles begun.</summary>
    public long Shuffles { get; internal set; }

    /// <summary>Frames over a link this node does not know, answered with a Disconnect.</summary>
    public long Strangers { get; internal set; }

    /// <summary>Disconnects of a link that is no more.</summary>
    public long StaleDisconnects { get; internal set; }

    /// <summary>
    /// Confirmations whose link number this node did not give out, or that came again; and requests in a neighbour's
    /// name from another address that do not name its link.
    /// </summary>
    public long Forged { get; internal set; }

    /// <summary>Answers to nothing that was asked, and requests meant for another node.</summary>
    public long Unexpected { get; internal set; }

    /// <summary>Frames that were cut off or made no sense.</summary>
    public long Malformed { get; internal set; }
}
