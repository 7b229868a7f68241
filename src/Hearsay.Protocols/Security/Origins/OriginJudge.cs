namespace Hearsay.Protocols.Security.Origins;

/// <summary>
/// Decides about what members pass on of others, and counts what is refused. Nobody who follows the protocol passes a
/// forgery on. So nothing is taken for a while from a member that does: a flood of forgeries costs a verification a
/// minute for each member that sends them.
/// </summary>
/// <remarks>Used by the event loop only.</remarks>
/// <param name="proofs">Verifies.</param>
/// <param name="counters">Counts what is refused.</param>
internal sealed class OriginJudge(OriginProofs proofs, OriginCounters counters)
{
    private readonly ShunnedPeers _shunned = new();

    /// <summary>Whether nothing is taken from a member now.</summary>
    public bool IsShunned(NodeId teller, Instant now) => _shunned.Contains(teller, now);

    /// <summary>Whether a proof holds; the last of all checks.</summary>
    /// <param name="teller">Who passed it on; none if that is not known.</param>
    /// <param name="purpose">What the content is.</param>
    /// <param name="content">What is to be proven.</param>
    /// <param name="author">Who is said to have written it.</param>
    /// <param name="proof">The proof; it may be anything at all.</param>
    /// <param name="lifetime">How long the content lives.</param>
    /// <param name="now">The present moment.</param>
    public bool Takes(
        NodeId teller,
        scoped ReadOnlySpan<byte> purpose,
        scoped ReadOnlySpan<byte> content,
        NodeId author,
        scoped ReadOnlySpan<byte> proof,
        TimeSpan lifetime,
        Instant now)
    {
        if (IsShunned(teller, now))
        {
            counters.FromShunned++;
            return false;
        }

        switch (proofs.Check(purpose, content, author, proof, lifetime, now))
        {
            case OriginVerdict.Proven:
                return true;
            case OriginVerdict.NotAdmitted:
                counters.NotAdmitted++;
                return false;
            case OriginVerdict.TooOld:
                counters.SignedLongAgo++;
                return false;
            default:
                counters.BadSignatures++;
                if (!teller.IsNone)
                {
                    _shunned.Add(teller, now);
                }

                return false;
        }
    }
}
