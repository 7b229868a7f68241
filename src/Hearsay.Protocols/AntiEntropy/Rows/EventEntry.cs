using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>What an event does at one path: it replaces rows that its writer has seen, by one row or by none.</summary>
/// <param name="Path">Where.</param>
/// <param name="IsScope">Whether rows beneath the path are meant too, as in the removal of a whole key.</param>
/// <param name="Replaced">The events whose rows there are replaced. Rows of any other event stay.</param>
/// <param name="Row">The new row; none for a removal.</param>
internal sealed record EventEntry(RowPath Path, bool IsScope, IReadOnlyList<Dot> Replaced, MapRow? Row)
{
    /// <summary>Whether it replaces a row.</summary>
    public bool Replaces(in RowEntry row) =>
        (IsScope ? row.Path.IsWithin(Path) : row.Path.Equals(Path)) && IsReplaced(row.Dot);

    /// <summary>
    /// Whether a context covers what it replaces. A removal of everything beneath a path needs whole events: of one
    /// that is claimed in part nobody knows what else it has written there.
    /// </summary>
    public bool IsCoveredBy(CausalContext context) => MissingIn(context) is null;

    /// <summary>The first event of those that it replaces which a context does not cover; null if there is none.
    /// </summary>
    public Dot? MissingIn(CausalContext context)
    {
        foreach (var dot in Replaced)
        {
            if (!(IsScope ? context.Covers(dot) : context.Covers(dot, Path)))
            {
                return dot;
            }
        }

        return null;
    }

    private bool IsReplaced(Dot dot)
    {
        for (var i = 0; i < Replaced.Count; i++)
        {
            if (Replaced[i] == dot)
            {
                return true;
            }
        }

        return false;
    }
}
