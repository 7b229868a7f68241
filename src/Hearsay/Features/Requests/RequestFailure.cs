namespace Hearsay;

/// <summary>Why a request has no answer.</summary>
public enum RequestFailure
{
    /// <summary>The peer did not answer in time, or it restarted. Its handler may have run.</summary>
    NoAnswer,

    /// <summary>The peer has no address that this node can reach. Nothing was sent.</summary>
    Unreachable,

    /// <summary>The peer has no handler of that name. Nothing ran.</summary>
    NoHandler,

    /// <summary>The peer has too much to do, or is leaving. Nothing ran.</summary>
    Busy,

    /// <summary>
    /// This node waits for too many answers already: <see cref="RequestOptions.MaximumOutstanding"/> in all, or 256 of
    /// the peer. Nothing was sent.
    /// </summary>
    TooMany,

    /// <summary>The handler threw, or its answer was too long.</summary>
    HandlerFailed,
}
