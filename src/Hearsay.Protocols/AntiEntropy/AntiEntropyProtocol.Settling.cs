using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;

namespace Hearsay.Protocols.AntiEntropy;

/// <content>What is so new that broadcast may still bring it: exchanges leave that out.</content>
internal sealed partial class AntiEntropyProtocol
{
    /// <summary>What is older than this has come by broadcast, or will not: exchanges bring that.</summary>
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(1);

    /// <summary>How often the sketch proves that contexts have missed nothing, where roots are never equal.</summary>
    private static readonly TimeSpan s_proof = TimeSpan.FromMinutes(5);

    /// <summary>The sketch in place of contexts, if it is time for that.</summary>
    private PullMode ProofOr(SharedMap map, PullMode mode)
    {
        var isDue = map.ProofAt <= _context.Now && map.Pull is null;
        if (isDue || map.ProofAt == Instant.Never)
        {
            map.ProofAt = _context.Now + s_proof;
        }

        return isDue && IsByContext(mode) ? PullMode.Sketch : mode;
    }

    /// <summary>
    /// Whether broadcast brings a peer all that it lacks. Where much is written there is always something under way,
    /// and contexts are never equal; what an exchange would bring of that would come twice.
    /// </summary>
    private bool IsOnItsWay(SharedMap map, CausalContext told)
    {
        map.NoteTime(_context.Now, s_settled);
        return Carries && _context.Now >= map.TellsAllUntil && map.Settled is { } settled && map.Replica.IsTrusted
            && map.Replica.Context.Claims.IsEmpty && told.Claims.IsEmpty && told.Covers(settled);
    }

    /// <summary>Something is here that broadcast does not bring to others.</summary>
    private void TellAll(SharedMap map) => map.TellsAllUntil = _context.Now + (2 * s_settled);
}
