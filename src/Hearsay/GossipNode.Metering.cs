using Hearsay.Features.Contract;
using Hearsay.Loop;
using Hearsay.Metrics;
using Hearsay.Transport;
using Hearsay.Watching;

namespace Hearsay;

public sealed partial class GossipNode : IMeteredNode
{
    NodeLoop IMeteredNode.Loop => _loop;

    NodeEvents IMeteredNode.Events => _events;

    FeatureSet IMeteredNode.Features => _features;

    ITransport IMeteredNode.Datagrams => _datagrams;

    ITransport IMeteredNode.Streams => _streams;
}
