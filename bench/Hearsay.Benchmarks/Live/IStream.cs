namespace Hearsay.Benchmarks.Live;

/// <summary>What carries a stream of messages to nodes of this process.</summary>
internal interface IStream : IAsyncDisposable
{
    /// <summary>Times that a message reached another node than its publisher.</summary>
    long Deliveries { get; }

    /// <summary>Deliveries that did not come and were told of.</summary>
    long Missed { get; }

    /// <summary>Packets sent so far.</summary>
    long Packets { get; }

    /// <summary>Publishes from a node; completes when another message may follow.</summary>
    ValueTask PublishAsync(int node, byte[] payload);
}
