using Hearsay.Protocols.Aggregation.Epochs;

namespace Hearsay.Protocols.Aggregation.Carriers;

/// <summary>What the methods share that have epochs: those of aggregation, which runs on the same node.</summary>
internal abstract class EpochCarrierProtocol<TSlot, TCounters>(
    AggregationOptions options, IAggregateValues? values, IAggregateSink? sink, int stepsPerCycle, int messageBytes)
    : CarrierProtocol<TSlot, TCounters>(options, values, sink, stepsPerCycle, messageBytes)
    where TSlot : CarriedSlot
    where TCounters : EpochCarrierCounters, new()
{
    /// <summary>Stands between the random stream and the ids that others see.</summary>
    private ulong _idKey;

    /// <summary>Whose epochs they are.</summary>
    protected IAggregationHost Epochs =>
        Host ?? throw new InvalidOperationException($"{Method} needs push-pull aggregation on the same node, whose "
            + "epochs it follows.");

    /// <summary>Which epoch it is.</summary>
    internal EpochClock Clock => Epochs.Clock;

    /// <inheritdoc/>
    public override void Start(IProtocolContext context)
    {
        base.Start(context);
        _idKey = context.Random.NextUInt64();
    }

    /// <summary>An aggregate begins anew.</summary>
    protected abstract void Begin(TSlot slot, bool takesPart);

    /// <summary>All aggregates begin anew.</summary>
    /// <param name="takesPart">Whether the node takes part from the beginning.</param>
    /// <param name="epoch">Goes into the answer to a question for a value.</param>
    protected void BeginSlots(bool takesPart, long epoch)
    {
        foreach (var slot in Table.Slots)
        {
            Begin(slot, takesPart);
            if (takesPart)
            {
                Values?.RequestValue(slot.Id, slot.Definition, epoch);
            }
        }
    }

    /// <summary>An id that nobody can guess from others.</summary>
    protected ulong NewId() => SeededRandom.Mix(Context.Random.NextUInt64() ^ _idKey);
}
