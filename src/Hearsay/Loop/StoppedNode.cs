using Hearsay.Diagnostics;

namespace Hearsay.Loop;

/// <summary>What everybody is told who calls a node, or waits for it, after it has stopped.</summary>
internal static class StoppedNode
{
    /// <summary>The exception for one whose wait the end of the node has ended.</summary>
    public static ObjectDisposedException Exception() => new(NodeLog.Category);

    /// <summary>The exception for one whose node has stopped by itself.</summary>
    public static ObjectDisposedException Exception(IdConflictException conflict) => new(conflict.Message, conflict);

    /// <summary>The exception for one who begins something while the node leaves.</summary>
    public static ObjectDisposedException Leaving() => new(NodeLog.Category, "The node is leaving.");
}
