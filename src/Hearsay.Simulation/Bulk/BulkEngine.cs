using Hearsay.Protocols;
using Hearsay.Simulation.Bulk;
using Hearsay.Simulation.Cycles;

namespace Hearsay.Simulation;

/// <summary>
/// The cycle-driven engine for very many nodes: flat rows of memory, several threads, vectorised exchanges where the
/// protocol allows, and results that do not depend on the number of threads.
/// </summary>
/// <remarks>
/// <para>A cycle goes through the nodes in an order of its own and takes them in batches of a fixed size. In a batch,
/// every node first chooses its partner (reserve). Then the exchanges are examined in order: an exchange is ready if
/// neither of its nodes is part of an earlier ready one. The ready exchanges run in parallel, on any thread (commit).
/// The others run after them, one by one, and each chooses its partner again. This schedule defines the result, even on
/// one thread. It is the result of some sequential order, so the figures are those of <see cref="CycleRunner"/> within
/// sampling error.</para>
/// <para>Every turn draws from a stream of its own (seed, node, cycle), so no draw depends on earlier turns. Not thread
/// safe itself. <see cref="Dispose"/> frees the rows.</para>
/// </remarks>
public sealed partial class BulkEngine : ICycleEngine
{
    private readonly CycleOptions _options;
    private readonly ExchangeRules _rules;
    private readonly BulkStore _store;
    private readonly BulkViews _views;
    private readonly BulkWorker[] _workers;
    private readonly int _finalNodes;
    private ulong _kills;

    /// <summary>Creates a run, before its first cycle.</summary>
    /// <param name="options">The options of the run.</param>
    /// <param name="nodes">The number of nodes, or the final number if the start is growing.</param>
    /// <param name="start">The overlay it starts from.</param>
    /// <param name="threads">Threads to use; 0 is one per core. The results do not depend on it.</param>
    public BulkEngine(CycleOptions options, int nodes, OverlayStart start = OverlayStart.Random, int threads = 0)
        : this(options, nodes, start, threads, batch: Math.Clamp(nodes / NodesPerBatchSlot, 1, LargestBatch))
    {
    }

    internal BulkEngine(CycleOptions options, int nodes, OverlayStart start, int threads, int batch)
    {
        EngineSteps.Validate(options, nodes);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        _options = options;
        _rules = options.Rules;
        _store = new BulkStore(_rules);
        _views = new BulkViews(_store, _rules.Room);
        _finalNodes = nodes;
        _turns = new Turn[batch];
        _nodes = new int[batch];
        _upcoming = new int[batch];
        _partners = new int[batch];
        _ready = new int[batch];
        _late = new int[batch];
        _contacted = new uint[batch * options.Fanout];
        _claims = new ClaimSet(2 * batch);
        _workers = new BulkWorker[threads == 0 ? Environment.ProcessorCount : threads];
        for (var i = 0; i < _workers.Length; i++)
        {
            _workers[i] = new BulkWorker(options, _store);
        }

        EngineSteps.Begin(_views, options, nodes, start);
    }

    /// <inheritdoc/>
    public int Cycle { get; private set; }

    /// <inheritdoc/>
    public int NodeCount => _store.NodeCount;

    /// <inheritdoc/>
    public int LiveCount => _store.LiveCount;

    /// <inheritdoc/>
    public long Exchanges { get; private set; }

    /// <summary>Bytes of protocol state: the state of all nodes that is kept from one cycle to the next.</summary>
    public long StateBytes => _store.StateBytes;

    /// <inheritdoc/>
    public int Join(int contact) => EngineSteps.Join(_views, contact);

    /// <inheritdoc/>
    public int Kill(double share) => KillNodes(EngineSteps.CountOf(share, LiveCount));

    /// <inheritdoc/>
    public int KillNodes(int count)
    {
        var dying = Math.Clamp(count, 0, LiveCount);
        var live = new int[LiveCount];
        for (int node = 0, found = 0; found < live.Length; node++)
        {
            if (IsAlive(node))
            {
                live[found++] = node;
            }
        }

        EngineSteps.ChooseDying(_options, live, ++_kills, Cycle);
        foreach (var node in live.AsSpan(live.Length - dying))
        {
            _store.Kill(node);
        }

        return dying;
    }

    /// <inheritdoc/>
    public void KillNode(int node)
    {
        if (IsAlive(node))
        {
            _store.Kill(node);
        }
    }

    /// <inheritdoc/>
    public bool IsAlive(int node) => _store.IsAlive(node);

    /// <inheritdoc/>
    public ReadOnlySpan<uint> ViewOf(int node) => _store.Handles(node);

    /// <inheritdoc/>
    public ReadOnlySpan<ushort> AgesOf(int node) => _store.Ages(node);

    /// <inheritdoc/>
    public long CountDeadLinks() => EngineSteps.CountDeadLinks(this);

    /// <inheritdoc/>
    public OverlayGraph Snapshot() => OverlayGraph.FromRows(NodeCount, IsAlive, ViewOf);

    /// <inheritdoc/>
    public void AssertInvariants()
    {
        for (var node = 0; node < NodeCount; node++)
        {
            _views.View(node).AssertInvariants((uint)node);
        }
    }

    /// <summary>
    /// A fingerprint of the whole state: the live nodes, every view in its order, every age. Equal runs have equal
    /// fingerprints.
    /// </summary>
    public ulong StateHash()
    {
        var hash = SeededRandom.Mix((ulong)NodeCount);
        for (var node = 0; node < NodeCount; node++)
        {
            var handles = ViewOf(node);
            var ages = AgesOf(node);
            hash = SeededRandom.Mix(hash ^ ((ulong)handles.Length << 1) ^ (IsAlive(node) ? 1UL : 0));
            for (var i = 0; i < handles.Length; i++)
            {
                hash = (hash ^ handles[i] ^ ((ulong)ages[i] << 32)) * 0x9E3779B97F4A7C15;
                hash ^= hash >> 29;
            }
        }

        return hash;
    }

    /// <summary>Frees the rows.</summary>
    public void Dispose() => _store.Dispose();
}
