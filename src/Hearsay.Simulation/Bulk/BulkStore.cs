using Hearsay.Protocols;
using Hearsay.Simulation.Cycles;

namespace Hearsay.Simulation.Bulk;

/// <summary>Who lives and what they know, shared by the workers of a bulk run.</summary>
internal sealed class BulkStore(in ExchangeRules rules) : IDisposable
{
    private ulong[] _alive = [];

    public NativeRows Rows { get; } = new(rules.ViewSize);

    public PushedLists? Pushed { get; } = PushedLists.For(rules);

    public int ViewSize { get; } = rules.ViewSize;

    public int NodeCount { get; private set; }

    public int LiveCount { get; private set; }

    public long StateBytes =>
        ((long)Rows.RowBytes * NodeCount) + (NodeCount / 8) + ((long)(Pushed?.BytesPerNode ?? 0) * NodeCount);

    public bool IsAlive(int node) => (_alive[node >> 6] >> (node & 63) & 1) != 0;

    public ReadOnlySpan<uint> Handles(int node) => Rows.Handles(node)[..Rows.Count(node)];

    public ReadOnlySpan<ushort> Ages(int node) => Rows.Ages(node)[..Rows.Count(node)];

    /// <summary>Makes room, so that no later write to these nodes moves anything.</summary>
    public void Reserve(int nodes)
    {
        Rows.Reserve(nodes);
        Pushed?.Reserve(nodes);
        if (_alive.Length * 64 < nodes)
        {
            Array.Resize(ref _alive, (nodes + 63) / 64);
        }
    }

    public int Add()
    {
        if (NodeCount == Rows.Capacity)
        {
            Reserve(Math.Max(16, NodeCount + (NodeCount / 2)));
        }

        _alive[NodeCount >> 6] |= 1UL << (NodeCount & 63);
        LiveCount++;
        return NodeCount++;
    }

    public void Kill(int node)
    {
        _alive[node >> 6] &= ~(1UL << (node & 63));
        LiveCount--;
    }

    public void Dispose() => Rows.Dispose();
}
