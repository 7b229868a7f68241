using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Lab.Models.AntiEntropy.Replicate;

/// <summary>A part of the state of a map that joins others: rows, and the events that it has seen.</summary>
/// <param name="Rows">The rows that are there.</param>
/// <param name="Seen">Their events, and those whose rows are gone.</param>
internal sealed record MapDelta(IReadOnlyList<MapRow> Rows, CausalContext Seen)
{
    /// <summary>Whether it changes nothing anywhere.</summary>
    public bool IsEmpty => Rows.Count == 0 && Seen.Open.IsEmpty;
}
