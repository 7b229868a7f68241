namespace Hearsay.Benchmarks.Live;

/// <summary>A stream of messages: so many nodes, bytes and messages a second.</summary>
/// <param name="Nodes">The nodes, each with one subscriber.</param>
/// <param name="Bytes">The length of a message.</param>
/// <param name="PerSecond">Messages a second; null for as many as the nodes take.</param>
/// <param name="Publishers">How many publish at a time, each from another node.</param>
internal sealed record StreamRow(int Nodes, int Bytes, int? PerSecond, int Publishers)
{
    public override string ToString() =>
        $"{Nodes} nodes, {Bytes} bytes, {(PerSecond is { } rate ? $"{rate} messages/s" : "as fast as it goes")}";
}
