using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>
/// Everything that a write, a removal or a batch of both does, under one dot: it is applied as a whole or not at all.
/// </summary>
/// <param name="Dot">Its name.</param>
/// <param name="Entries">What it does at each path; no two of them share rows.</param>
/// <param name="Closed">Epochs of its writer that have ended, with their last numbers.</param>
internal sealed record MapEvent(
    Dot Dot, IReadOnlyList<EventEntry> Entries, IReadOnlyList<KeyValuePair<EpochId, ulong>> Closed)
{
    /// <summary>The first event of those that it replaces which a context does not cover; null if there is none.
    /// </summary>
    public Dot? MissingIn(CausalContext context)
    {
        foreach (var entry in Entries)
        {
            if (entry.MissingIn(context) is { } missing)
            {
                return missing;
            }
        }

        return null;
    }

    /// <summary>Whether a context covers everything that it replaces.</summary>
    public bool IsCoveredBy(CausalContext context)
    {
        foreach (var entry in Entries)
        {
            if (!entry.IsCoveredBy(context))
            {
                return false;
            }
        }

        return true;
    }
}
