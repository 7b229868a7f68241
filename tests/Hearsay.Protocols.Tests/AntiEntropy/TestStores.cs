using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.Tests.AntiEntropy.Replica;

namespace Hearsay.Protocols.Tests.AntiEntropy;

/// <summary>Stores in memory that outlive the protocol, and epochs that differ for every node and opening.</summary>
internal sealed class TestStores(ulong seed) : IMapStores
{
    private readonly Dictionary<string, TestStore> _stores = [];
    private SeededRandom _random = SeededRandom.For(seed, 1, 2, 3);

    public IReadOnlyList<string> Stored => [.. _stores.Where(static pair => pair.Value.Rows.Count > 0)
        .Select(static pair => pair.Key)];

    public IReplicaStore Open(string name) => Of(name);

    public TestStore Of(string name)
    {
        if (!_stores.TryGetValue(name, out var store))
        {
            _stores[name] = store = new TestStore();
        }

        return store;
    }

    public ulong Next() => _random.NextUInt64();
}
