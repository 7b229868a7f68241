namespace Hearsay.Benchmarks.Live;

/// <summary>A cluster on this machine that broadcasts, whoever made it: measured side by side in one run.</summary>
internal interface IBroadcastCluster : IAsyncDisposable
{
    string Name { get; }

    int Nodes { get; }

    /// <summary>Called for every delivery, on any thread: the node and the number of the message.</summary>
    Action<int, int>? Received { get; set; }

    /// <summary>Publishes a message of a size from a node; its number comes back with every delivery.</summary>
    Task PublishAsync(int node, int message, int bytes);
}
