using Hearsay.Simulation.Bulk;
using Hearsay.Simulation.Cycles;

namespace Hearsay.Simulation;

/// <content>The schedule: batches, reserve, commit.</content>
public sealed partial class BulkEngine
{
    /// <summary>
    /// A batch is small against the nodes, so that few exchanges share one, and against the cache, so that the rows
    /// that reserve fetches are there when commit needs them.
    /// </summary>
    private const int NodesPerBatchSlot = 128;
    private const int LargestBatch = 1024;

    /// <summary>Below this, waking the other threads costs more than they save.</summary>
    private const int SmallestParallelBatch = 128;

    /// <summary>
    /// How many turns ahead a row is asked for. Commit has the work to wait beside, so it asks for the partners' rows
    /// and for those of the next batch; reserve finds most of its rows in the cache.
    /// </summary>
    private const int FetchAhead = 16;
    private const int PartnerAhead = 6;
    private const int CommitAhead = 2;

    private readonly Turn[] _turns;
    private int[] _nodes;
    private int[] _upcoming;
    private readonly int[] _partners;
    private readonly uint[] _contacted;
    private readonly int[] _ready;
    private readonly int[] _late;
    private readonly ClaimSet _claims;
    private int _upcomingCount;
    private bool _reserves;
    private bool _starts;

    /// <summary>For tests: the order of the live nodes in a cycle, instead of the engine's own.</summary>
    internal Func<int, int[]>? Order { get; init; }

    /// <summary>For tests: the mistake of letting workers draw from streams of their own.</summary>
    internal bool DrawsByWorker { get; init; }

    /// <summary>Set by the first helper that found something to do; a busy machine may let none.</summary>
    private volatile bool _helped;

    /// <inheritdoc/>
    public void Run(int cycles)
    {
        var helpers = _turns.Length < SmallestParallelBatch ? 0 : _workers.Length - 1;
        using var crew = new BulkCrew(helpers, Work);
        for (var i = 0; i < cycles; i++)
        {
            RunCycle(crew);
        }
    }

    private void RunCycle(BulkCrew crew)
    {
        for (var joins = EngineSteps.JoinsNow(_options, _finalNodes, NodeCount); joins > 0; joins--)
        {
            Join(0);
        }

        Cycle++;
        foreach (var worker in _workers)
        {
            worker.StartCycle();
        }

        if (Order is not null)
        {
            RunOrdered(crew, Order(Cycle));
        }
        else
        {
            RunBatches(crew);
        }

        if (_workers[0].ClosesTogether)
        {
            CloseTogether();
        }
    }

    private void RunBatches(BulkCrew crew)
    {
        var order = new NodeOrder(_options.Seed, Cycle, NodeCount);
        var left = NodeCount;
        FindUpcoming(ref order, ref left);
        while (_upcomingCount > 0)
        {
            var count = StartUpcoming();
            FindUpcoming(ref order, ref left);
            RunBatch(crew, count);
        }
    }

    /// <summary>The live nodes of the next batch, while their order has any left.</summary>
    private void FindUpcoming(ref NodeOrder order, ref int left)
    {
        var (upcoming, count) = (_upcoming, 0);
        if (LiveCount == NodeCount)
        {
            // The threads wait for this, so what need not be asked is not.
            for (; left > 0 && count < upcoming.Length; left--)
            {
                upcoming[count++] = order.Next();
            }
        }

        for (; left > 0 && count < upcoming.Length; left--)
        {
            var node = order.Next();
            upcoming[count] = node;
            count += IsAlive(node) ? 1 : 0;
        }

        _upcomingCount = count;
    }

    /// <summary>
    /// Makes the next batch the present one. The turns are made by the threads that serve them: what one writes
    /// between two others costs more than the rest of it.
    /// </summary>
    private int StartUpcoming()
    {
        (_nodes, _upcoming) = (_upcoming, _nodes);
        return _upcomingCount;
    }

    private void RunOrdered(BulkCrew crew, int[] nodes)
    {
        foreach (var part in nodes.Chunk(_turns.Length))
        {
            part.CopyTo(_nodes, 0);
            RunBatch(crew, part.Length);
        }
    }

    /// <summary>Runs the turns of a batch: one exchange of each, then the next of those that have a fanout.</summary>
    private void RunBatch(BulkCrew crew, int count)
    {
        _starts = true;
        while (count > 0)
        {
            _reserves = true;
            crew.Do(count);
            var late = Resolve(count, out var ready);
            _reserves = false;
            crew.Do(ready);
            foreach (var slot in _late.AsSpan(0, late))
            {
                _workers[0].Redo(ref _turns[slot], ContactedOf(slot), Cycle);
                Exchanges += _turns[slot].Reached ? 1 : 0;
            }

            count = KeepUnfinished(count);
            _starts = false;
        }
    }

    /// <summary>
    /// The lowest position wins: an exchange is ready if neither of its nodes is in one that stands before it.
    /// </summary>
    private int Resolve(int count, out int ready)
    {
        _claims.Clear();
        ready = 0;
        var late = 0;
        for (var slot = 0; slot < count; slot++)
        {
            var partner = _partners[slot];
            if (_claims.TryClaim(_nodes[slot], partner))
            {
                _ready[ready++] = slot;
                Exchanges += partner >= 0 ? 1 : 0;
            }
            else
            {
                _late[late++] = slot;
            }
        }

        return late;
    }

    private int KeepUnfinished(int count)
    {
        if (_options.Fanout == 1)
        {
            return 0;
        }

        var kept = 0;
        for (var slot = 0; slot < count; slot++)
        {
            if (!_turns[slot].Over)
            {
                (_turns[kept], _nodes[kept]) = (_turns[slot], _nodes[slot]);
                ContactedOf(slot).CopyTo(ContactedOf(kept++));
            }
        }

        return kept;
    }

    private Span<uint> ContactedOf(int slot) => _contacted.AsSpan(slot * _options.Fanout, _options.Fanout);

    /// <summary>What every worker does with its part of a list.</summary>
    private void Work(int index, int from, int to)
    {
        var worker = _workers[index];
        if (DrawsByWorker && _workers.Length > 1)
        {
            // The mistake shows only if both work.
            _helped |= index > 0;
            SpinWait.SpinUntil(() => _helped);
        }

        if (_reserves)
        {
            ReserveTurns(index, worker, from, to);
        }
        else
        {
            CommitTurns(worker, from, to);
        }
    }

    private void ReserveTurns(int index, BulkWorker worker, int from, int to)
    {
        for (var slot = from; slot < Math.Min(to, from + FetchAhead); slot++)
        {
            worker.Fetch(_nodes[slot]);
        }

        for (var slot = from; slot < to; slot++)
        {
            if (slot + FetchAhead < to)
            {
                worker.Fetch(_nodes[slot + FetchAhead]);
            }

            if (_starts)
            {
                _turns[slot] = Turn.Of(_options, _nodes[slot], Cycle + (DrawsByWorker ? 1_000 * index : 0));
            }

            _partners[slot] = worker.Reserve(ref _turns[slot], ContactedOf(slot));
        }
    }

    private void CommitTurns(BulkWorker worker, int from, int to)
    {
        for (var i = from; i < Math.Min(to, from + PartnerAhead); i++)
        {
            worker.Fetch(Math.Max(_partners[_ready[i]], 0));
        }

        for (var i = from; i < to; i++)
        {
            if (i + PartnerAhead < to)
            {
                worker.Fetch(Math.Max(_partners[_ready[i + PartnerAhead]], 0));
            }

            if (i + CommitAhead < to)
            {
                worker.Fetch(_nodes[_ready[i + CommitAhead]]);
            }

            if (i < _upcomingCount)
            {
                worker.FetchEarly(_upcoming[i]);
            }

            var slot = _ready[i];
            worker.Commit(ref _turns[slot], _partners[slot], ContactedOf(slot), Cycle);
        }
    }

    private void CloseTogether()
    {
        for (var node = 0; node < NodeCount; node++)
        {
            if (IsAlive(node))
            {
                _workers[0].CloseTogether(node);
            }
        }
    }
}
