using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;

namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>Where an epoch begins and ends.</summary>
internal sealed partial class AggregationProtocol
{
    private const ulong DrawPurpose = 0xD7A3;

    /// <summary>Filled with those to ask; a field, as it would be made anew each time.</summary>
    private readonly Peer[] _witnesses = new Peer[EpochHearsay.Wanted];

    private bool _metSomebody;
    private bool _foundNobody;

    /// <summary>Whether an exchange was completed or answered in this epoch.</summary>
    private bool _hasExchanged;

    /// <summary>Whether this node looked for peers in this epoch and there was none: a network of one.</summary>
    private bool IsAlone => _foundNobody && !_metSomebody && _clock.Phase == EpochPhase.Running;

    private void EndEpochs(IProtocolContext context)
    {
        if (_clock.IsLost(context.Now))
        {
            _heard.Clear();
            Rejoin();
        }

        while (context.Now >= _clock.Ends)
        {
            if (_clock.Phase == EpochPhase.Running && _metSomebody && !_hasExchanged)
            {
                // It had partners, and nobody accepted it for a whole epoch: it must be somewhere else than they are.
                _heard.Clear();
                Rejoin();
                return;
            }

            Complete(context);
            _clock.Next(context.Now);
            BeginEpoch(context);
        }
    }

    /// <inheritdoc/>
    EpochVerdict IAggregationHost.Follow(in AggregationHeader header)
    {
        var verdict = Follow(header, isAsked: false);
        Arm(_context);
        return verdict;
    }

    /// <summary>Follows another node to its epoch if that is to be believed.</summary>
    /// <param name="header">What it says.</param>
    /// <param name="isAsked">Whether it was asked, as a partner of this node's own choice.</param>
    /// <returns>How its epoch stands to this node's now.</returns>
    private EpochVerdict Follow(in AggregationHeader header, bool isAsked)
    {
        var now = _context.Now;
        var verdict = _clock.Judge(header.Epoch, isAsked, now);
        Counters.EarlyEpochs += verdict == EpochVerdict.Early ? 1 : 0;
        if (verdict == EpochVerdict.Same)
        {
            _clock.Align(header.Elapsed, now);
        }

        if (verdict != EpochVerdict.Ahead)
        {
            return verdict;
        }

        Counters.Jumps++;
        if (_clock.Phase == EpochPhase.Running && !_clock.IsOpen(now))
        {
            Complete(_context);
        }

        _clock.Jump(header.Epoch, header.Elapsed, now);
        _isFounder = false;
        BeginEpoch(_context);
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

        foreach (var carrier in _carriers)
        {
            carrier.EndEpoch();
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
        (_metSomebody, _foundNobody, _hasExchanged) = (false, false, false);
        foreach (var slot in _table.Slots)
        {
            slot.BeginEpoch(takesPart ? AggregatePart.Whole : LatePart(slot, context.Now), context.Now);
        }

        ForgetOldProofs();
        Counters.Expired += _table.Expire(_options.ExpiryEpochs);
        foreach (var carrier in _carriers)
        {
            carrier.BeginEpoch();
        }

        if (takesPart)
        {
            DrawLeader(context);
        }

        foreach (var slot in _table.Slots)
        {
            RequestValue(slot);
        }
    }

    private void RequestValue(AggregateSlot slot)
    {
        if (slot is { IsActive: true, HasContributed: false } && IsInTime(slot, _context.Now)
            && slot.Definition.Kind != AggregateKind.NetworkSize)
        {
            _values?.RequestValue(slot.Id, slot.Definition, _clock.Epoch);
        }
    }

    /// <summary>With as many leaders as wanted among as many nodes as there were last time.</summary>
    private void DrawLeader(IProtocolContext context)
    {
        if (!_options.MeasuresNetworkSize)
        {
            return;
        }

        var size = NetworkSize ?? _options.FirstSizeGuess ?? GuessSize();
        if (context.Random.NextDouble() * size < _options.Leaders)
        {
            var key = AnswerCache.KeyOf(context.Self.Id, (ulong)_clock.Epoch);
            _leaders.Lead((uint)(key >> 33));
        }
    }

    /// <summary>
    /// Before anything was measured. It is far too small in a large network, and then there are too many leaders: of
    /// which everybody keeps the same few.
    /// </summary>
    private double GuessSize() => 1.0 + _peersInView;

    /// <summary>What a node draws for a value is fresh in each epoch, and the same however often it is asked.</summary>
    private ulong SeedOf(AggregateSlot slot) =>
        SeededRandom.For(_idKey, slot.Id, (ulong)_clock.Epoch, DrawPurpose).NextUInt64();

    private void Contribute(IProtocolContext context, AggregationCommand.ProvideValue value)
    {
        var slot = _table.Find(value.Id);
        if (slot is { IsActive: true, HasContributed: false } && value.Epoch == _clock.Epoch
            && IsInTime(slot, context.Now)
            && slot.State.TryContribute(value.Input with { Seed = SeedOf(slot) }))
        {
            slot.HasContributed = true;
        }
        else
        {
            Counters.ValuesRefused++;
        }
    }

    /// <summary>Late values would be news that not everybody gets to know in time.</summary>
    private bool IsInTime(AggregateSlot slot, Instant now) => _clock.IsOpenToLate(now)
        && (slot.Part == AggregatePart.Early ? now - slot.Since <= _clock.Length / 4 : _clock.IsOpenToValues(now));
}
