using System.Text;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy;

/// <summary>One map of a node: its replica, and what is going on with it.</summary>
internal sealed class SharedMap
{
    private readonly IMapStores _stores;
    private readonly ReplicaOptions _options;
    private readonly List<MapEvent> _leaving = [];
    private CausalContext? _hashed;
    private UInt128 _contextHash;
    private long _trustLost;
    private long _storeFailures;

    public SharedMap(string name, NodeId node, IMapStores stores, ReplicaOptions options)
    {
        (Name, NameBytes, _stores, _options) = (name, Encoding.UTF8.GetBytes(name), stores, options);
        Replica = MapReplica.Open(node, stores.Open(name), options, stores);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its name in UTF-8.</summary>
    public byte[] NameBytes { get; }

    /// <summary>What this node has of it.</summary>
    public MapReplica Replica { get; private set; }

    /// <summary>The exchange that this node began; null if there is none.</summary>
    public PullExchange? Pull { get; set; }

    /// <summary>Events that came before something that they replace.</summary>
    public WaitingEvents Waiting { get; } = new();

    /// <summary>How many exchanges this node has completed since the opening.</summary>
    public long Completed { get; set; }

    /// <summary>Whether it was found equal to that of a peer, or took in what a peer had.</summary>
    public bool IsCompared { get; set; }

    /// <summary>The cycles since a trusted replica was heard of, while this one is not trusted.</summary>
    public int CyclesAlone { get; set; }

    /// <summary>What peers are told of it.</summary>
    public Heartbeat Heartbeat
    {
        get
        {
            if (!ReferenceEquals(_hashed, Replica.Context))
            {
                (_hashed, _contextHash) = (Replica.Context, _options.Digester.Of(Replica.Context));
            }

            return new Heartbeat(Replica.Root, _contextHash, (ulong)Replica.Count, Replica.IsTrusted);
        }
    }

    /// <summary>Makes everything durable.</summary>
    /// <param name="counters">Takes what the replica counted.</param>
    /// <returns>The own events that may leave now; null if the store failed and the map was opened anew.</returns>
    public IReadOnlyList<MapEvent>? Settle(MapCounters counters)
    {
        _leaving.Clear();
        var synced = Replica.Sync(_leaving);
        counters.TrustLost += Replica.Counters.TrustLost - _trustLost;
        counters.StoreFailures += Replica.Counters.StoreFailures - _storeFailures;
        (_trustLost, _storeFailures) = (Replica.Counters.TrustLost, Replica.Counters.StoreFailures);
        if (synced)
        {
            return _leaving;
        }

        Replica = MapReplica.Open(Replica.Node, _stores.Open(Name), _options, _stores);
        (_trustLost, _storeFailures, Completed) = (0, 0, 0);
        return null;
    }
}
