namespace Hearsay.Observability;

/// <summary>What everybody is told who calls a node, or waits for it, after it has stopped.</summary>
internal static class StoppedNode
{
    /// <summary>Throws if the node has stopped.</summary>
    /// <exception cref="ObjectDisposedException">It has.</exception>
    public static void ThrowIf(bool hasStopped)
    {
        if (hasStopped)
        {
            throw Exception();
        }
    }

    /// <summary>The exception for one whose wait the end of the node has ended.</summary>
    public static ObjectDisposedException Exception() => new(NodeLog.Category);
}
