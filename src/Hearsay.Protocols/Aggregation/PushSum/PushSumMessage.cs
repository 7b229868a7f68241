using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Protocols.Aggregation.PushSum;

/// <summary>
/// What push-sum sends: one kind of message, which nobody answers. It begins as every message of aggregation does, see
/// <see cref="AggregationMessage"/>; its id is random, so that a push that comes twice counts once. Then
/// <code>
///  Push   count (1), each: aggregate (8), cells (1), weight (8), per cell: sum (8)
/// </code>
/// <code>
///    i, once a cycle                       j, a random peer
///     (s, w) := (s, w)/2
///     │ ── Push: epoch, s, w ────────────► │ other epoch: leave it, or follow; known id: leave it
///     │                                    │ (s, w) += what came; the estimate is s/w
/// </code>
/// What does not fit a datagram is not halved and has its turn in the next cycle. A push to a node that waits for the
/// next epoch is taken in and passed on: it begins with no weight of its own, and nothing is lost by it.
/// </summary>
internal static class PushSumMessage
{
    /// <summary>The frame type of a push.</summary>
    public const byte Push = 1;

    /// <summary>The longest body.</summary>
    public const int MaximumBytes = AggregationMessage.DatagramBytes;

    /// <summary>The bytes of an aggregate.</summary>
    public static int SectionBytes(int cells) => sizeof(ulong) + 1 + (sizeof(double) * (1 + cells));
}
