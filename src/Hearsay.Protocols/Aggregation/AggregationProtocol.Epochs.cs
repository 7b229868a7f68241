namespace Hearsay.Protocols;

/// <summary>Where an epoch begins and ends.</summary>
internal sealed partial class AggregationProtocol
{
    /// <summary>After so many cycles in which nobody knew an epoch, a node begins the first.</summary>
    private const int JoinPatience = 4;

    private const ulong DrawPurpose = 0xD7A3;

    private readonly EpochHearsay _heard = new();

    private int _joinCycles;

    private bool _metSomebody;
    private bool _foundNobody;

    /// <summary>Whether this node looked for peers in this epoch and there was none: a network of one.</summary>
    private bool IsAlone => _foundNobody && !_metSomebody;

    /// <summary>A node without an epoch asks three peers, and believes the one in the middle.</summary>
    private void JoinCycle(IProtocolContext context)
    {
        _joinCycles++;
        if (_heard.Count > 0 && (_heard.Count >= Witnesses(context) || _joinCycles > 2))
        {
            var (epoch, elapsed) = _heard.Middle(context.Now);
            _clock.Join(epoch, elapsed, context.Now);
            BeginEpoch(context);
        }
        else if (_joinCycles > JoinPatience)
        {
            _clock.Begin(context.Now);
            BeginEpoch(context);
        }
        else
        {
            _pending.Clear();
            Span<Peer> peers = new Peer[EpochHearsay.Wanted];
            foreach (ref readonly var peer in peers[..context.Peers.GetPeers(peers)])
            {
                Ask(context, peer);
            }
        }
    }

    /// <summary>How many different partners must agree: three, or all there are.</summary>
    private static int Witnesses(IProtocolContext context)
    {
        Span<Peer> peers = new Peer[EpochHearsay.Wanted];
        return Math.Max(1, context.Peers.GetPeers(peers));
    }

    /// <summary>
    /// A partner of this node's choice is in an epoch out of reach: three of them, and the node joins anew.
    /// </summary>
    private void HearFar(IProtocolContext context, NodeId from, in AggregationHeader header)
    {
        Counters.FarEpochs++;
        _heard.Add(from, header.Epoch, header.Elapsed, context.Now);
        if (_heard.Count >= Witnesses(context))
        {
            Rejoin();
        }
    }

    private void Rejoin()
    {
        Counters.Rejoins++;
        Counters.Unsettled += _pending.Clear();
        _clock.Rejoin();
        _joinCycles = 0;
    }

    private void EndEpochs(IProtocolContext context)
    {
        if (_clock.IsLost(context.Now))
        {
            _heard.Clear();
            Rejoin();
        }

        while (context.Now >= _clock.Ends)
        {
            Complete(context);
            _clock.Next(context.Now);
            BeginEpoch(context);
        }
    }

    /// <summary>Follows another node to its epoch if that is to be believed.</summary>
    /// <returns>How its epoch stands to this node's now.</returns>
    private EpochVerdict Follow(IProtocolContext context, in AggregationHeader header)
    {
        var verdict = _clock.Judge(header.Epoch, context.Now);
        Counters.EarlyEpochs += verdict == EpochVerdict.Early ? 1 : 0;
        if (verdict == EpochVerdict.Same)
        {
            _clock.Align(header.Elapsed, context.Now);
        }

        if (verdict != EpochVerdict.Ahead)
        {
            return verdict;
        }

        Counters.Jumps++;
        if (_clock.Phase == EpochPhase.Running && !_clock.IsOpen(context.Now))
        {
            Complete(context);
        }

        _clock.Jump(header.Epoch, header.Elapsed, context.Now);
        BeginEpoch(context);
        return EpochVerdict.Same;
    }

    /// <summary>The epoch's exchanges are done: its results stand.</summary>
    private void Complete(IProtocolContext context)
    {
        if (_clock.Phase == EpochPhase.Running)
        {
            Counters.Epochs++;
            KeepSize(context);
            PublishAll(context.Now, isFinal: true);
        }
    }

    /// <summary>The clock entered an epoch: everything begins from fresh values, or waits for the next.</summary>
    private void BeginEpoch(IProtocolContext context)
    {
        var takesPart = _clock.Phase == EpochPhase.Running;
        Counters.Unsettled += _pending.Clear();
        _answers.Clear();
        _heard.Clear();
        _leaders.Clear();
        _leaderDisagreement.Clear();
        (_metSomebody, _foundNobody) = (false, false);
        foreach (var slot in _table.Slots)
        {
            slot.Begin(takesPart);
        }

        Counters.Expired += _table.Expire(_options.ExpiryEpochs);
        if (!takesPart)
        {
            return;
        }

        DrawLeader(context);
        foreach (var slot in _table.Slots)
        {
            if (slot.IsActive && slot.Definition.Kind != AggregateKind.NetworkSize)
            {
                _values?.RequestValue(slot.Id, slot.Definition, _clock.Epoch);
            }
        }
    }

    /// <summary>With as many leaders as wanted among as many nodes as there were last time.</summary>
    private void DrawLeader(IProtocolContext context)
    {
        if (!_options.MeasuresNetworkSize)
        {
            return;
        }

        var size = NetworkSize ?? _options.FirstSizeGuess ?? GuessSize(context);
        if (context.Random.NextDouble() * size < _options.Leaders)
        {
            var key = AnswerCache.KeyOf(context.Self.Id, (ulong)_clock.Epoch);
            _leaders.Lead((uint)(key >> 33));
        }
    }

    /// <summary>
    /// Views hold some tens of peers, and every second hop is somebody new: the square is a bold guess.
    /// </summary>
    private static double GuessSize(IProtocolContext context)
    {
        var known = context.Peers.GetPeers(PeerSamplingOptions.MaximumViewSize).Count;
        return Math.Max(1.0, (double)known * known);
    }

    /// <summary>What a node draws for a value is fresh in each epoch, and the same however often it is asked.</summary>
    private ulong SeedOf(AggregateSlot slot) =>
        SeededRandom.For(_idKey, slot.Id, (ulong)_clock.Epoch, DrawPurpose).NextUInt64();

    private void Contribute(IProtocolContext context, AggregationCommand.ProvideValue value)
    {
        var slot = _table.Find(value.Id);
        var inTime = value.Epoch == _clock.Epoch && _clock.IsOpen(context.Now)
            && _clock.Elapsed(context.Now) <= _clock.Length / 4;
        if (slot is { IsActive: true, HasContributed: false } && inTime
            && slot.State.TryContribute(value.Input with { Seed = SeedOf(slot) }))
        {
            slot.HasContributed = true;
#if HEARSAY_DEFECTS
            if (AggregationDefects.Has(AggregationDefect.ValueTakenTwice))
            {
                slot.HasContributed = false;
            }

#endif
        }
        else
        {
            Counters.ValuesRefused++;
        }
    }
}
