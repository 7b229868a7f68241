namespace Hearsay.Transport;

/// <summary>
/// Starts background work without the caller's execution context: else the trace activity and the async locals of
/// whoever started a node or sent a first packet would live on in every packet it receives.
/// </summary>
internal static class NoFlow
{
    /// <summary>Calls <paramref name="start"/> so that what it starts does not inherit the context.</summary>
    public static T Run<T>(Func<T> start)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return start();
        }

        using (ExecutionContext.SuppressFlow())
        {
            return start();
        }
    }
}
