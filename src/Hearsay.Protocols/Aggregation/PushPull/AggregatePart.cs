namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>
/// What part a node has in an aggregate in the epoch under way. Nodes exchange with those of their own part only: what
/// was there from the beginning is not disturbed by what came later.
/// </summary>
internal enum AggregatePart : byte
{
    /// <summary>Known, and waiting for the next epoch.</summary>
    None,

    /// <summary>From the beginning of the epoch: at its end there is a result.</summary>
    Whole,

    /// <summary>
    /// Since it became known in the midst of the epoch, also at a node that waits for the next one: an estimate under
    /// way for now, and a result of the next epoch.
    /// </summary>
    Early,

    /// <summary>Not at all: it looks at what others have.</summary>
    Looking,
}
