using Hearsay.Features.Contract;
using Hearsay.Loop;
using Hearsay.Protocols;
using Hearsay.Protocols.Rotation;
using Hearsay.Transport;
using Hearsay.Watching;

namespace Hearsay.Metrics;

/// <summary>What the meter reads of a node that runs.</summary>
internal interface IMeteredNode
{
    GossipNodeOptions Options { get; }

    NodeCounters Counters { get; }

    int ViewCount { get; }

    TimeSpan RoundTrip { get; }

    NodeLoop Loop { get; }

    NodeEvents Events { get; }

    FeatureSet Features { get; }

    ITransport Datagrams { get; }

    ITransport Streams { get; }

    KeyringCounters KeyringCounters { get; }
}
