namespace Hearsay.Protocols.Security.Origins;

/// <summary>
/// What was dropped of what others passed on, by reason. The event loop writes it, any thread may read.
/// </summary>
internal sealed class OriginCounters
{
    /// <summary>Not signed, or the signature does not hold.</summary>
    public long BadSignatures;

    /// <summary>Passed on by a member that passed on a forgery a short time ago.</summary>
    public long FromShunned;

    /// <summary>The token of the author has ended or was revoked.</summary>
    public long NotAdmitted;

    /// <summary>Signed too long ago, by the clock of this node.</summary>
    public long SignedLongAgo;
}
