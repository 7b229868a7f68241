using Hearsay.Protocols.AntiEntropy;

namespace Hearsay;

/// <summary>The condition under which a write to a map is complete. Immutable.</summary>
public sealed record WriteConcern
{
    /// <summary>The largest number of other nodes that a write can wait for.</summary>
    public const int LargestNodes = AntiEntropyProtocol.MostConfirmingNodes;

    private WriteConcern(int nodes, TimeSpan timeout) => (OtherNodes, Timeout) = (nodes, timeout);

    /// <summary>The write is complete when this node has it.</summary>
    public static WriteConcern Local { get; } = new(0, TimeSpan.Zero);

    /// <summary>The number of other nodes that must have it.</summary>
    public int OtherNodes { get; }

    /// <summary>The longest time to wait for them.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>
    /// The write is complete when this node and a number of other nodes have it, each as durably as its store keeps it.
    /// </summary>
    /// <param name="count">The number of other nodes, from 1 to <see cref="LargestNodes"/>.</param>
    /// <param name="timeout">
    /// The longest time to wait, more than zero and at most an hour. Null for 10 s. When it is over, the write fails
    /// with a <see cref="WriteConcernException"/>, which says which nodes have it. The write stays.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public static WriteConcern Nodes(int count, TimeSpan? timeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, LargestNodes);
        var limit = timeout ?? TimeSpan.FromSeconds(10);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, TimeSpan.FromHours(1), nameof(timeout));
        return new WriteConcern(count, limit);
    }
}
