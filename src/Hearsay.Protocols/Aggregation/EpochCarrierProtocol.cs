namespace Hearsay.Protocols;

/// <summary>What the methods share that have epochs, heard from others instead of asked for.</summary>
internal abstract class EpochCarrierProtocol<TSlot, TCounters>(
    AggregationOptions options, IAggregateValues? values, IAggregateSink? sink, int stepsPerCycle, int messageBytes)
    : CarrierProtocol<TSlot, TCounters>(options, values, sink, stepsPerCycle, messageBytes)
    where TSlot : CarriedSlot
    where TCounters : EpochCarrierCounters, new()
{
    /// <summary>Stands between the random stream and the ids that others see.</summary>
    private ulong _idKey;

    /// <summary>The epoch, and how it was found.</summary>
    protected EpochFollower Epochs { get; } = new(options);

    /// <summary>Its epochs.</summary>
    internal EpochClock Clock => Epochs.Clock;

    /// <inheritdoc/>
    protected override Instant Ends => Clock.Ends;

    /// <inheritdoc/>
    public override void Start(IProtocolContext context)
    {
        base.Start(context);
        _idKey = context.Random.NextUInt64();
    }

    /// <summary>An aggregate begins a new epoch.</summary>
    protected abstract void Begin(TSlot slot, bool takesPart);

    /// <summary>An epoch is over here, at its end or because others are in a later one.</summary>
    protected abstract void Complete();

    /// <summary>All aggregates begin a new epoch.</summary>
    protected virtual void BeginEpoch() => BeginSlots(Clock.Phase == EpochPhase.Running);

    /// <inheritdoc/>
    protected override void Leave() => Epochs.Leave();

    /// <inheritdoc/>
    protected sealed override void EndEpochs()
    {
        if (Clock.IsLost(Context.Now))
        {
            Leave();
        }

        while (Context.Now >= Clock.Ends)
        {
            Complete();
            Clock.Next(Context.Now);
            BeginEpoch();
        }
    }

    /// <summary>All aggregates begin anew.</summary>
    /// <param name="takesPart">Whether the node takes part from the beginning of the epoch.</param>
    protected void BeginSlots(bool takesPart)
    {
        foreach (var slot in Table.Slots)
        {
            Begin(slot, takesPart);
            if (takesPart)
            {
                Values?.RequestValue(slot.Id, slot.Definition, Clock.Epoch);
            }
        }
    }

    /// <summary>Hears what epoch another node is in, and follows it to a later one.</summary>
    /// <returns>Never <see cref="EpochVerdict.Ahead"/>; stale while the node does not know the epoch.</returns>
    protected EpochVerdict Follow(NodeId from, in AggregationHeader header)
    {
        var verdict = Epochs.Judge(from, header, Context.Now);
        if (verdict == EpochVerdict.Ahead)
        {
            Counters.Jumps++;
            Complete();
            Clock.Jump(header.Epoch, header.Elapsed, Context.Now);
            BeginEpoch();
            return EpochVerdict.Same;
        }

        Counters.EpochsRefused += verdict is EpochVerdict.Far or EpochVerdict.Early ? 1 : 0;
        return verdict;
    }

    /// <summary>An id that nobody can guess from others.</summary>
    protected ulong NewId() => SeededRandom.Mix(Context.Random.NextUInt64() ^ _idKey);
}
