namespace Hearsay.Protocols.Transfer;

/// <summary>How long a transfer waits for what.</summary>
internal static class TransferTimes
{
    /// <summary>How often it is looked after what does not come.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a link may bring nothing of what was asked over it before others are asked.</summary>
    public static readonly TimeSpan ChunkTimeout = TimeSpan.FromSeconds(1);

    /// <summary>How long a chunk that is there may take, beside some round trips.</summary>
    public static readonly TimeSpan LeastChunkTime = TimeSpan.FromMilliseconds(400);

    /// <summary>
    /// For how long nothing of a body may come before it makes room for another: others were asked by then.
    /// </summary>
    public static readonly TimeSpan SilentTime = 3 * ChunkTimeout;

    /// <summary>How soon a link is tried again that did not take a chunk; it doubles while it takes none.</summary>
    public static readonly TimeSpan LeastOwedPause = TimeSpan.FromMilliseconds(10);

    /// <summary>And how soon at the latest.</summary>
    public static readonly TimeSpan LongestOwedPause = TimeSpan.FromMilliseconds(100);
}
