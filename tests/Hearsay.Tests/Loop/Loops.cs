using Hearsay.Loop;
using Hearsay.Protocols;
using Hearsay.Transport;
using Hearsay.Watching;

namespace Hearsay.Tests.Loop;

/// <summary>Loops without a node around them.</summary>
internal static class Loops
{
    public static NodeLoop With(
        DueScheduler scheduler, ITransport transport, INodeEvents? events = null, params IProtocol[] protocols) => new(
            new NodeCoreOptions
            {
                Self = new SelfDescription(
                    new NodeId(1, transport.LocalAddress.Port), 1, new NodeAddresses(transport.LocalAddress), []),
                Seed = transport.LocalAddress.Port,
                Sampling = PeerSamplingOptions.Recommended,
                Protocols = protocols,
            },
            transport,
            transport,
            scheduler,
            events ?? new NodeEvents(
                new GossipNodeOptions(), store: null));
}
