using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;
using Hearsay.Settings;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Peers;

/// <summary>
/// <c>/v1/peer</c>, <c>/v1/peers</c>, <c>/v1/view</c>: draws from samplers that all callers share, one for each policy.
/// </summary>
internal sealed class PeersResource(ServedNode served) : IDisposable
{
    private readonly IPeerSampler?[] _samplers = new IPeerSampler?[Enum.GetValues<SamplingPolicy>().Length];
    private readonly Lock _gate = new();

    /// <summary>Adds the routes.</summary>
    public void Map(ServiceRoutes routes)
    {
        routes.Get("/v1/peer", OneAsync);
        routes.Get("/v1/peers", SeveralAsync);
        routes.Get("/v1/view", ViewAsync);
        routes.Get("/v1/peers/{id}/metadata", MetadataAsync);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            Array.ForEach(_samplers, static sampler => sampler?.Dispose());
        }
    }

    private Task OneAsync(HttpContext context) =>
        CallBody.WriteAsync(context, PeerDraw.One(SamplerFor(context), served.Node), PeersJson.Default.PeerItem);

    private Task SeveralAsync(HttpContext context)
    {
        var count = CallField.Count(context, "count", 1, PeerDraw.MaximumCount, 10);
        var peers = PeerDraw.Several(SamplerFor(context), served.Node, count);
        return CallBody.WriteAsync(context, peers, PeersJson.Default.PeerList);
    }

    private Task ViewAsync(HttpContext context) => CallBody.WriteAsync(
        context,
        new PeerList([.. served.Node.GetView().Select(static peer => PeerItem.Of(peer))]),
        PeersJson.Default.PeerList);

    private async Task MetadataAsync(HttpContext context)
    {
        var peer = PeerField.Of(context, served.Node);
        var metadata = await served.Node.GetMetadataAsync(peer, CallEnd.Of(context)).ConfigureAwait(false)
            ?? throw new ProblemException(new Problem(
                StatusCodes.Status504GatewayTimeout, "no-answer", "The peer did not answer",
                "The peer did not tell its metadata in time. It may have left."));
        await CallBody.WriteAsync(
            context,
            new PeerMetadata(peer.Id.ToString(), metadata.ToArray()) { Text = StrictUtf8.TextOf(metadata.Span) },
            PeersJson.Default.PeerMetadata).ConfigureAwait(false);
    }

    private IPeerSampler SamplerFor(HttpContext context)
    {
        var policy = PolicyName.Parse(context.Request.Query["policy"].ToString(), "policy");
        return Volatile.Read(ref _samplers[(int)policy]) ?? Make(policy);
    }

    private IPeerSampler Make(SamplingPolicy policy)
    {
        lock (_gate)
        {
            try
            {
                return _samplers[(int)policy] ??= served.Node.CreateSampler(policy);
            }
            catch (InvalidOperationException full) when (full is not ObjectDisposedException)
            {
                throw new ProblemException(Problems.Full("samplers", full.Message));
            }
        }
    }
}
