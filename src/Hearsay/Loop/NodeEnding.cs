namespace Hearsay.Loop;

/// <summary>What everybody is told who waits for a node that has ended. Any thread.</summary>
internal sealed class NodeEnding
{
    private volatile IdConflict? _conflict;

    /// <summary>Why the node stopped by itself, anew for each who asks; null if it did not.</summary>
    public IdConflictException? Failure =>
        _conflict is { } conflict ? new IdConflictException(conflict.Id, conflict.Address) : null;

    /// <summary>The node stops by itself: another one has its id.</summary>
    public void Fail(NodeId id, NodeAddress address) => _conflict = new IdConflict(id, address);

    /// <summary>What a call fails with that came too late.</summary>
    public Exception ToException() => (Exception?)Failure ?? StoppedNode.Exception();

    private sealed record IdConflict(NodeId Id, NodeAddress Address);
}
