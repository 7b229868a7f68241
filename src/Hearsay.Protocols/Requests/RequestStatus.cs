namespace Hearsay.Protocols.Requests;

/// <summary>What became of a request, as its responder tells it. The numbers are those of the wire.</summary>
internal enum RequestStatus : byte
{
    /// <summary>The handler has answered.</summary>
    Answered = 0,

    /// <summary>Nobody handles requests of that name there. Nothing ran.</summary>
    NoHandler = 1,

    /// <summary>The responder has too much to do. Nothing ran.</summary>
    Busy = 2,

    /// <summary>The handler threw.</summary>
    Failed = 3,

    /// <summary>
    /// The responder does not know the conversation or has given the answer up. The request may have been handled.
    /// </summary>
    Forgotten = 4,

    /// <summary>Not on the wire: the responder did not answer in time. The request may have been handled.</summary>
    NoAnswer = 250,

    /// <summary>Not on the wire: the peer has no address that this node can reach. Nothing was sent.</summary>
    Unreachable = 251,

    /// <summary>Not on the wire: this node waits for too many answers already. Nothing was sent.</summary>
    TooMany = 252,
}
