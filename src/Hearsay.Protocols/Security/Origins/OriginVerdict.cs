namespace Hearsay.Protocols.Security.Origins;

/// <summary>What became of an <see cref="OriginProof"/>.</summary>
internal enum OriginVerdict
{
    /// <summary>The author wrote it.</summary>
    Proven,

    /// <summary>
    /// Nobody who follows the protocol passes it on: the signature does not hold, or the token is not the operator's or
    /// not that of the author. That does not depend on who looks at it, nor when.
    /// </summary>
    Forged,

    /// <summary>The author's token has ended or was revoked, as far as this node knows.</summary>
    NotAdmitted,

    /// <summary>It was signed too long ago, by the clock of this node.</summary>
    TooOld,
}
