using Hearsay.Features.Maps.Asking;
using Hearsay.Protocols;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Maps.Asking;

/// <summary>A node with maps, and one without that asks it.</summary>
internal sealed class AskingRig(LiveNodes nodes) : IAsyncDisposable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public LiveNodes Nodes => nodes;

    public GossipNode Asked => nodes.First;

    public GossipMap Map => Asked.GetMap("map");

    public AskedCalls Calls => Asked.Feature<MapAskingFeature>()!.Calls!;

    public MapAsker Asker => AskerOf("map");

    /// <summary>The bytes of requests and answers so far.</summary>
    public long Bytes { get; set; }

    public static async Task<AskingRig> StartAsync()
    {
        var nodes = new LiveNodes(new MemoryNetwork());
        await nodes.StartAsync(nodes.Options with { Maps = new MapOptions() });
        await nodes.StartAsync(nodes.Options with { Broadcast = null });
        await nodes.ViewsHoldAsync(1);
        return new AskingRig(nodes);
    }

    public MapAsker AskerOf(string map) => new(map, AskAsync);

    public Task<MapWrite> ChangeAsync(MapQuestionKind kind, string key, Func<MapQuestion, MapQuestion> with) =>
        Asker.ChangeAsync(with(new MapQuestion { Kind = kind, Key = key }), Cancellation);

    /// <summary>A request as it is.</summary>
    public async Task<ReadOnlyMemory<byte>> AskAsync(ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        var answer = await nodes.All[1].RequestAsync(
            Asked.Loop.Core.Self.ToPeer(), MapCallFrame.Name, request, cancellation);
        Bytes += request.Length + answer.Payload.Length;
        return answer.Payload;
    }

    public ValueTask DisposeAsync() => nodes.DisposeAsync();
}
