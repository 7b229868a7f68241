namespace Hearsay.Protocols;

/// <summary>
/// The counters of the neighbours protocol since the node started. They only grow. The event loop writes them, and any
/// thread may read them.
/// </summary>
public sealed class NeighbourCounters
{
    /// <summary>Links that came up, renewals included.</summary>
    public long LinksUp { get; internal set; }

    /// <summary>Links that went down, for whatever reason.</summary>
    public long LinksDown { get; internal set; }

    /// <summary>Links that went down because the peer stopped answering; part of <see cref="LinksDown"/>.</summary>
    public long Failures { get; internal set; }

    /// <summary>
    /// Links dropped to make room for a node with a greater need for a neighbour; part of <see cref="LinksDown"/>.
    /// </summary>
    public long Displaced { get; internal set; }

    /// <summary>
    /// Links ended because the peer passed on a message that no node can have published; part of
    /// <see cref="LinksDown"/>. Only in mode identity, where a peer has proven who it is.
    /// </summary>
    public long Shunned { get; internal set; }

    /// <summary>Requests sent, repetitions included.</summary>
    public long RequestsSent { get; internal set; }

    /// <summary>Requests that the asked peer refused.</summary>
    public long Refusals { get; internal set; }

    /// <summary>Peers that did not answer a request.</summary>
    public long Unreachable { get; internal set; }

    /// <summary>Requests not sent because too many were pending.</summary>
    public long RequestsSkipped { get; internal set; }

    /// <summary>Heartbeats sent.</summary>
    public long Pings { get; internal set; }

    /// <summary>Shuffles started.</summary>
    public long Shuffles { get; internal set; }

    /// <summary>Frames over a link that this node does not know. It answers them with a Disconnect.</summary>
    public long Strangers { get; internal set; }

    /// <summary>Disconnects for a link that no longer exists.</summary>
    public long StaleDisconnects { get; internal set; }

    /// <summary>
    /// Confirmations with a link number that this node did not issue, or that came twice. Also requests that name a
    /// neighbour as their sender, come from another address and do not contain the number of its link.
    /// </summary>
    public long Forged { get; internal set; }

    /// <summary>Answers that belong to no request, and requests meant for another node.</summary>
    public long Unexpected { get; internal set; }

    /// <summary>Frames that were cut off or could not be decoded.</summary>
    public long Malformed { get; internal set; }
}
