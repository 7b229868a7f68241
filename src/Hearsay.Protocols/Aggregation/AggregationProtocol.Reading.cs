namespace Hearsay.Protocols;

/// <summary>What is told of the aggregates.</summary>
internal sealed partial class AggregationProtocol
{
    /// <summary>
    /// A node that exchanged too little in an epoch, because it came late or slept, knows a size that nobody else does:
    /// it stands for the network's if the last eight exchanges moved it by less than this share.
    /// </summary>
    private const double MostDisagreement = 0.05;

    private readonly Disagreement _leaderDisagreement = new();

    /// <summary>The size as the last completed epoch gave it.</summary>
    private (double Size, double Error, long Epoch, Instant Began) _size = (double.NaN, double.NaN, 0, default);

    /// <inheritdoc/>
    public double? NetworkSize => IsSizeKnown ? _size.Size : null;

    /// <summary>Whether a size was measured in a whole epoch; a look at one under way may be far off.</summary>
    private bool IsSizeKnown => !double.IsNaN(_size.Size);

    /// <summary>What an aggregate stands at.</summary>
    /// <returns>False if it is not known.</returns>
    public bool TryRead(ulong id, Instant now, out AggregateEstimate estimate)
    {
        var slot = _table.Find(id);
        estimate = slot is null ? default : Read(slot, now, isFinal: false);
        return slot is not null;
    }

    private void PublishAll(Instant now, bool isFinal)
    {
        if (_sink is null || _clock.Phase != EpochPhase.Running)
        {
            return;
        }

        foreach (var slot in _table.Slots)
        {
            if (slot.IsActive)
            {
                _sink.OnEstimate(slot.Id, Read(slot, now, isFinal));
            }
        }
    }

    private AggregateEstimate Read(AggregateSlot slot, Instant now, bool isFinal)
    {
        var size = Size(now, isFinal);
        var elapsed = _clock.Elapsed(now);
        if (slot.Definition.Kind == AggregateKind.NetworkSize)
        {
            return new AggregateEstimate(
                slot.Definition, size.Size, size.Error, size.Epoch, _clock.Cycle(now), now - size.Began, isFinal,
                IsSizeKnown && double.IsFinite(size.Error), double.NaN);
        }

        var value = slot.IsActive ? slot.State.Value : double.NaN;
        var error = IsAlone ? 0 : slot.Disagreement.Error;
        var needsSize = slot.Definition.Kind is AggregateKind.Sum or AggregateKind.Count;
        if (needsSize)
        {
            (value, error) = (value * size.Size, Math.Sqrt(Square(error * size.Size) + Square(value * size.Error)));
        }
        else if (slot.State is ISketchState sketch)
        {
            error = Math.Sqrt(Square(error) + Square(sketch.StandardError));
        }

        return new AggregateEstimate(
            slot.Definition, value, error, _clock.Epoch, _clock.Cycle(now), elapsed, isFinal,
            double.IsFinite(value) && double.IsFinite(error) && (IsSizeKnown || !needsSize),
            slot.State.Contributors)
        {
            Distribution = isFinal ? (slot.State as VectorState)?.ToDistribution() : null,
            Sample = isFinal ? (slot.State as SampleState)?.ToSample() : null,
        };
    }

    /// <summary>
    /// The size to use: at the end of an epoch its own, under way the last completed one, which is better than what the
    /// present one can know yet.
    /// </summary>
    private (double Size, double Error, long Epoch, Instant Began) Size(Instant now, bool isFinal) =>
        isFinal || IsSizeKnown ? _size : Measured(now);

    private void KeepSize(IProtocolContext context)
    {
        var measured = Measured(context.Now);
        if (!double.IsFinite(measured.Size))
        {
            // Without a leader there is no estimate; the last one stands, and shows its age.
            return;
        }

        if (double.IsFinite(measured.Error) && IsOfTheNetwork(context, measured.Size))
        {
            _size = measured;
        }
        else
        {
            Counters.SizesNotKept++;
        }
    }

    /// <summary>
    /// Who never got into the network it was told of is alone, but no network; who is in it must have agreed with it.
    /// </summary>
    private bool IsOfTheNetwork(IProtocolContext context, double size)
    {
#if HEARSAY_DEFECTS
        if (AggregationDefects.Has(IsAlone ? AggregationDefect.LonelySizeKept : AggregationDefect.SleepersSizeKept))
        {
            return true;
        }

        if (AggregationDefects.Has(AggregationDefect.LuckySizeKept))
        {
            return IsAlone ? !context.IsJoining : _leaderDisagreement.Error <= MostDisagreement * size;
        }

#endif
        return IsAlone ? !context.IsJoining : _leaderDisagreement.CautiousError <= MostDisagreement * size;
    }

    private (double Size, double Error, long Epoch, Instant Began) Measured(Instant now)
    {
        var (size, spread) = _leaders.Estimate();
        var apart = IsAlone ? 0 : _leaderDisagreement.Error;
        // One leader alone says nothing of its own spread.
        var error = _leaders.Count == 1 ? apart : Math.Sqrt(Square(spread) + Square(apart));
        return (size, error, _clock.Epoch, now + -_clock.Elapsed(now));
    }

    private static double Square(double value) => value * value;
}
