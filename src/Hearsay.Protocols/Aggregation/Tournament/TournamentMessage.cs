using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Protocols.Aggregation.Tournament;

/// <summary>
/// What tournaments send. Every message begins as those of aggregation do, see <see cref="AggregationMessage"/>; its id
/// is the pull's, and the answer repeats it. Then
/// <code>
///  Pull     aggregate (8), round (1), padding (9): room for the answer
///  Answer   aggregate (8), round (1), status (1): 0 value, 1 not yet, 2 none; value (8)
/// </code>
/// <code>
///    i, in round r                              j, a random peer
///     │ ── Pull: epoch, r ───────────────────► │ keeps its value at the start of every round of the epoch
///     │ ◄─────────── Answer: value of round r ─ │
///     │                                         │ has not reached round r: "not yet", i asks it again
///     │                                         │ never had a value: "none", i asks somebody else
///     all pulls of the round answered, and a cycle has passed: the next round
/// </code>
/// Rounds last a cycle and are counted from the start of the epoch, which all nodes agree on up to a fraction of a
/// cycle. Who comes late, or lost answers, pulls the values of the rounds it missed and catches up: the outcome is that
/// of synchronous rounds.
/// </summary>
internal static class TournamentMessage
{
    /// <summary>The frame type of a pull.</summary>
    public const byte Pull = 1;

    /// <summary>The frame type of its answer.</summary>
    public const byte Answer = 2;

    /// <summary>The status of an answer with a value.</summary>
    public const byte Value = 0;

    /// <summary>The status "this round has not begun here".</summary>
    public const byte NotYet = 1;

    /// <summary>The status "nothing to say".</summary>
    public const byte None = 2;

    /// <summary>The length of either.</summary>
    public const int Bytes = AggregationMessage.HeaderBytes + sizeof(ulong) + 2 + sizeof(double);
}
