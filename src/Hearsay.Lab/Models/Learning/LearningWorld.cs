using Hearsay.Lab.Engines;
using Hearsay.Learning;
using Hearsay.Learning.State;
using Hearsay.Protocols;

namespace Hearsay.Lab.Models.Learning;

/// <summary>
/// Many learners, cycle by cycle. Each is the object that a live node has, and they exchange the bytes that live nodes
/// send; only time and the network are modelled: in every cycle each node acts once, in random order.
/// </summary>
internal sealed class LearningWorld : IDisposable
{
    private readonly LearningRunOptions _options;
    private readonly LearningSplit _split;
    private readonly LearnerState[] _nodes;
    private readonly TokenAccount[][] _accounts;
    private readonly SeededRandom[] _randoms;
    private readonly LearningAttack? _attack;
    private readonly LearningPartners _partners;
    private readonly LearningPost _post;
    private readonly bool[] _isOffline;
    private readonly int[] _order;
    private readonly int[] _measured;
    private readonly byte[] _buffer;
    private readonly ModelShape _shape;
    private SeededRandom _random;
    private bool _isDirect;
    private double _now;

    public LearningWorld(LearningRunOptions options, LearningSplit split)
    {
        (_options, _split) = (options, split);
        var nodes = options.Nodes;
        var places = LearningPlacement.Place(options.Placement, split.Train, nodes, options.Alpha, split.Seed);
        _shape = new ModelShape(options.Model, options.Learning.Partitions);
        var scratch = new LearnerScratch(_shape);
        _random = SeededRandom.For(split.Seed, 0, 0, 0x3021D);
        _attack = options.Attackers > 0 ? new LearningAttack(options, _shape, split, ref _random) : null;
        (_nodes, _randoms, _accounts) = (new LearnerState[nodes], new SeededRandom[nodes], new TokenAccount[nodes][]);
        for (var node = 0; node < nodes; node++)
        {
            _randoms[node] = SeededRandom.For(split.Seed, (ulong)node, 0, 0x1EA);
            var data = _attack is { } attack && attack.IsAttacker(node) ? attack.Data : split.Train;
            _nodes[node] = new LearnerState(_shape, data, places[node], options.Learning, scratch, ref _randoms[node]);
            _accounts[node] = HasTokens || node == 0 ? Accounts(options.Learning) : _accounts[0];
        }

        _partners = new LearningPartners(options.Sampler, nodes, options.OutDegree, split.Seed);
        (_isOffline, _buffer) = (new bool[nodes], new byte[_nodes[0].MaximumMessageBytes]);
        _post = new LearningPost(_buffer.Length);
        _order = [.. Enumerable.Range(0, nodes)];
        int[] honest = [.. _order.Where(node => _attack?.IsAttacker(node) != true)];
        _random.Shuffle<int>(honest);
        _measured = honest[..Math.Min(options.Measured, honest.Length)];
        _isDirect = options.Learning.Tokens == TokenPolicy.None && options.DelayCycles.Most == 0;
    }

    /// <summary>Without tokens all accounts are alike and stay so: one does.</summary>
    private bool HasTokens => _options.Learning.Tokens != TokenPolicy.None;

    private static TokenAccount[] Accounts(LearningOptions options) =>
        [.. Enumerable.Range(0, options.Partitions).Select(_ => new TokenAccount(options))];

    /// <summary>Messages sent so far.</summary>
    public long Messages { get; private set; }

    /// <summary>Their bytes, without envelopes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Models merged so far.</summary>
    public long Merges => _nodes.Sum(static node => node.Counters.Merged);

    /// <summary>The processor time of the cycles, without evaluation.</summary>
    public double CpuSeconds { get; private set; }

    /// <summary>The largest burst of one node in one cycle.</summary>
    public int LargestBurst { get; private set; }

    /// <summary>The lowest balance of an account there was.</summary>
    public int LowestBalance { get; private set; } = int.MaxValue;

    /// <summary>The learners, to look at.</summary>
    public IReadOnlyList<LearnerState> Nodes => _nodes;

    /// <summary>Runs all cycles; returns the points that are recorded.</summary>
    public List<LearningPoint> Run(Action? onCycle = null)
    {
        var points = new List<LearningPoint>();
        for (var cycle = 1; cycle <= _options.Cycles; cycle++)
        {
            var began = ThreadCpu.Seconds;
            RunCycle(cycle);
            CpuSeconds += ThreadCpu.Seconds - began;
            if (cycle % _options.MetricsEvery == 0 || cycle == _options.Cycles)
            {
                points.Add(Measure(cycle));
            }

            onCycle?.Invoke();
        }

        return points;
    }

    public void Dispose() => _partners.Dispose();

    private LearningPoint Measure(int cycle)
    {
        var (sum, worst, best) = (0.0, 0.0, double.MaxValue);
        foreach (var node in _measured)
        {
            var error = _options.Model.Evaluate(_nodes[node].Parameters, _split.Test);
            sum += error;
            worst = Math.Max(worst, error);
            best = Math.Min(best, error);
        }

        double nodes = _nodes.Length;
        return new LearningPoint(cycle, sum / _measured.Length, worst, best, Messages / nodes, Bytes / nodes);
    }

    private void RunCycle(int cycle)
    {
        _partners.OnCycle();
        ComeAndGo(isFirst: cycle == 1);
        _random.Shuffle<int>(_order);
        for (var turn = 0; turn < _order.Length; turn++)
        {
            _now = cycle + ((double)turn / _order.Length);
            DeliverArrived();
            _nodes[_order[turn]].OnCycle();
            if (!_isOffline[_order[turn]])
            {
                Act(_order[turn]);
            }
        }

        DeliverArrived();
    }

    /// <summary>
    /// Who is online: drawn anew, or in sessions whose lengths are geometric, as the absences between them.
    /// </summary>
    private void ComeAndGo(bool isFirst)
    {
        var (online, stay) = (_options.Online, (double)_options.SessionCycles);
        for (var node = 0; online < 1 && node < _nodes.Length; node++)
        {
            var chance = isFirst || stay == 0 ? online
                : _isOffline[node] ? online / (1 - online) / stay
                : 1 - (1 / stay);
            _isOffline[node] = _random.NextDouble() >= chance;
        }
    }

    /// <summary>What a node does once a cycle.</summary>
    private void Act(int node)
    {
        var state = _nodes[node];
        ref var random = ref _randoms[node];
        if (_options.Learning.Robust == RobustForm.Nearest)
        {
            Pull(node);
            state.MixWithNearest();
            state.UpdateWhole(ref random);
        }
        else if (_options.Learning.Mode == MergeMode.EqualAverage)
        {
            state.AverageReceived();
            state.UpdateWhole(ref random);
            for (var i = 0; i < _options.Learning.Fanout; i++)
            {
                Send(node, 0);
            }
        }
        else
        {
            var part = _shape.Partitions == 1 ? 0 : random.Below(_shape.Partitions);
            var sends = _accounts[node][part].OnPeriod(ref random);
            Watch(_accounts[node][part], sends ? 1 : 0);
            if (sends)
            {
                Send(node, part);
            }
        }
    }

    private void Pull(int node)
    {
        for (var i = 0; i < _options.Learning.Pulls; i++)
        {
            var other = _partners.Draw(node, ref _randoms[node]);
            if (other < 0)
            {
                continue;
            }

            var length = Write(other, 0);
            if (!_isOffline[other] && (_options.Loss == 0 || _random.NextDouble() >= _options.Loss))
            {
                _nodes[node].Gather(_buffer.AsSpan(0, length));
            }
        }
    }

    private int Write(int node, int part)
    {
        var isAttack = _attack?.IsAttacker(node) == true;
        var length = isAttack
            ? _attack!.Write(_nodes[node], part, _buffer, ref _randoms[node])
            : _nodes[node].Write(part, _buffer, ref _randoms[node]);
        Messages++;
        Bytes += length;
        return length;
    }

    private void Send(int node, int part)
    {
        var to = _partners.Draw(node, ref _randoms[node]);
        if (to < 0)
        {
            return;
        }

        var message = _buffer.AsSpan(0, Write(node, part));
        if (_options.Loss > 0 && _random.NextDouble() < _options.Loss)
        {
            return;
        }

        if (_isDirect)
        {
            Deliver(to, message);
            return;
        }

        var (least, most) = _options.DelayCycles;
        _post.Send(to, message, _now + least + ((most - least) * (most > 0 ? _random.NextDouble() : 0)));
    }

    private void DeliverArrived()
    {
        while (!_isDirect && _post.TryTake(_now, out var to, out var buffer, out var length))
        {
            Deliver(to, buffer.AsSpan(0, length));
            _post.Return(buffer);
        }
    }

    private void Deliver(int to, ReadOnlySpan<byte> message)
    {
        var (state, mode) = (_nodes[to], _options.Learning.Mode);
        ref var random = ref _randoms[to];
        if (_isOffline[to] || _options.Learning.Robust == RobustForm.Nearest
            || state.Receive(message, out var header, out var isUseful, ref random) != MessageRefusal.None
            || mode == MergeMode.EqualAverage)
        {
            return;
        }

        if (mode != MergeMode.UpdateMerge)
        {
            state.UpdateWhole(ref random);
        }

        if (!HasTokens)
        {
            return;
        }

        var sends = _accounts[to][header.Part].OnModel(isUseful, ref random);
        Watch(_accounts[to][header.Part], sends);
        for (var i = 0; i < sends; i++)
        {
            Send(to, header.Part);
        }
    }

    private void Watch(TokenAccount account, int sends)
    {
        LargestBurst = Math.Max(LargestBurst, sends);
        LowestBalance = Math.Min(LowestBalance, account.Balance);
    }
}
