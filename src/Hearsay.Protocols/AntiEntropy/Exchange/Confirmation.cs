using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Protocols.AntiEntropy.Exchange;

/// <summary>Somebody waits until other nodes have an event of an epoch.</summary>
/// <param name="sequence">The number of the event.</param>
/// <param name="isWhole">Whether they must have all events before it, too.</param>
/// <param name="nodes">How many nodes.</param>
/// <param name="deadline">When it is over.</param>
/// <param name="done">Takes the nodes that have it.</param>
internal sealed class Confirmation(
    ulong sequence, bool isWhole, int nodes, Instant deadline, Action<IReadOnlyList<NodeId>> done)
{
    /// <summary>How many nodes.</summary>
    public int Nodes { get; } = nodes;

    /// <summary>Whether they must have all events of the epoch up to that one.</summary>
    public bool IsWhole { get; } = isWhole;

    /// <summary>The least number that matters to it.</summary>
    public ulong First { get; } = isWhole ? 1 : sequence;

    /// <summary>When it is over.</summary>
    public Instant Deadline { get; } = deadline;

    /// <summary>Whether a node has it that has these events.</summary>
    public bool IsIn(SequenceSet seen) => seen.ContainsAll(First, sequence);

    /// <summary>Tells who waits.</summary>
    public void Complete(IReadOnlyList<NodeId> have) => done(have);
}
