namespace Hearsay.Loop;

/// <summary>What everybody is told who waits for a node that has ended. Any thread.</summary>
internal sealed class NodeEnding
{
    private volatile ConflictingNode? _conflict;

    /// <summary>Why the node stopped by itself, anew for each who asks; null if it did not.</summary>
    public IdConflictException? Conflict =>
        _conflict is { } other ? new IdConflictException(other.Id, other.Address, other.HasKeys) : null;

    /// <summary>
    /// What sequences end with whose node stopped by itself, anew for each who asks; null if it did not.
    /// </summary>
    public ObjectDisposedException? Failure => Conflict is { } conflict ? StoppedNode.Exception(conflict) : null;

    /// <summary>The node stops by itself: another one has its id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="address">Where the other is.</param>
    /// <param name="hasKeys">Whether it has proven to have this node's keys.</param>
    public void Fail(NodeId id, NodeAddress address, bool hasKeys = false) =>
        _conflict = new ConflictingNode(id, address, hasKeys);

    /// <summary>What a call fails with that came too late, and one that the end of the node has ended.</summary>
    public ObjectDisposedException ToException() => Failure ?? StoppedNode.Exception();

    private sealed record ConflictingNode(NodeId Id, NodeAddress Address, bool HasKeys);
}
