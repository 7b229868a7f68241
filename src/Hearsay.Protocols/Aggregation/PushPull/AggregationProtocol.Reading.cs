using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.States;

namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>What is told of the aggregates.</summary>
internal sealed partial class AggregationProtocol
{
    private readonly Disagreement _leaderDisagreement = new();

    /// <inheritdoc/>
    public double? NetworkSize => Size?.Size;

    /// <summary>How many nodes there are, with its error; null if nothing is known. Any thread may read it.</summary>
    public NetworkSizeEstimate? Size => _sizes.Best is { IsUsable: true } best ? best : null;

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
        if (_sink is null || _clock.Phase == EpochPhase.Joining)
        {
            return;
        }

        foreach (var slot in _table.Slots)
        {
            // What has not been part of the epoch from its beginning has no result at its end.
            if (isFinal ? slot.Part == AggregatePart.Whole : slot.Part != AggregatePart.None)
            {
                _sink.OnEstimate(slot.Id, Read(slot, now, isFinal));
            }
        }
    }

    private AggregateEstimate Read(AggregateSlot slot, Instant now, bool isFinal)
    {
        if (slot.Definition.Kind == AggregateKind.NetworkSize)
        {
            return ReadSize(slot, now, isFinal);
        }

        var known = _sizes.Best;
        var (value, error) = (double.NaN, double.PositiveInfinity);
        if (slot.Part != AggregatePart.None)
        {
            value = slot.State.Value;
            var isOnly = IsAlone && slot.IsActive && slot.Disagreement.Count == 0;
            error = Together(isOnly ? 0 : slot.Apart, slot.State.MethodError);
        }

        var needsSize = slot.Definition.Kind is AggregateKind.Sum or AggregateKind.Count;
        if (needsSize)
        {
            var size = known.IsUsable ? known : Measured();
            if (slot.Part == AggregatePart.Early && _clock.Phase == EpochPhase.Waiting)
            {
                // It takes part itself, and those who measured the size did not count it yet.
                size = size with { Size = size.Size + 1, Error = Together(size.Error, 1) };
            }

            (value, error) = (value * size.Size, Together(error * size.Size, value * size.Error));
        }

        return new AggregateEstimate(
            slot.Definition, value, error, _clock.Epoch, _clock.Cycle(now), _clock.Elapsed(now), isFinal,
            double.IsFinite(value) && double.IsFinite(error) && (known.IsUsable || !needsSize),
            slot.State.Contributors)
        {
            Distribution = isFinal ? (slot.State as VectorState)?.ToDistribution() : null,
            Sample = isFinal ? (slot.State as SampleState)?.ToSample() : null,
        };
    }

    /// <summary>
    /// At the end of an epoch its own, or that of the last one which had an estimate; under way the best there is,
    /// which is better than what the present one can know yet.
    /// </summary>
    private AggregateEstimate ReadSize(AggregateSlot slot, Instant now, bool isFinal)
    {
        var best = _sizes.Best;
        var size = best.IsUsable ? best : Measured();
        var (epoch, began) = best.IsWhole ? _sizes.Of : (_clock.Epoch, now + -_clock.Elapsed(now));
        return new AggregateEstimate(
            slot.Definition, size.Size, size.Error, epoch, _clock.Cycle(now), now - began, isFinal,
            best.IsUsable && (best.IsWhole || !isFinal), double.NaN);
    }

    /// <summary>Two errors that have nothing to do with each other.</summary>
    private static double Together(double one, double other) => Math.Sqrt((one * one) + (other * other));
}
