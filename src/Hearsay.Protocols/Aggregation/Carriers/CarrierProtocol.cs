using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Aggregation.Carriers;

/// <summary>
/// What the methods beside push-pull share: a table of the aggregates they compute, and a step now and then for as
/// long as there are any. A node that knows no such aggregate sends nothing, arms nothing and holds next to nothing.
/// </summary>
internal abstract class CarrierProtocol<TSlot, TCounters> : IProtocol, IAggregateCarrier
    where TSlot : CarriedSlot
    where TCounters : CarrierCounters, new()
{
    private readonly TimeSpan _stepTime;
    private readonly int _messageBytes;
    private Instant _nextStep = Instant.Never;

    /// <summary>A machine that has not started.</summary>
    /// <param name="options">Checked here.</param>
    /// <param name="values">Where this node's values come from; null makes it a relay.</param>
    /// <param name="sink">Takes the estimates; null for nobody.</param>
    /// <param name="stepsPerCycle">How many steps a cycle has.</param>
    /// <param name="messageBytes">The longest message.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    protected CarrierProtocol(
        AggregationOptions options, IAggregateValues? values, IAggregateSink? sink, int stepsPerCycle,
        int messageBytes)
    {
        AggregationValidation.ThrowIfInvalid(options);
        (Options, Values, Sink) = (options, values, sink);
        (_stepTime, _messageBytes) = (options.CycleTime / stepsPerCycle, messageBytes);
        Table = new CarriedTable<TSlot>(options.MaximumDefinitions);
    }

    /// <inheritdoc/>
    public abstract byte Id { get; }

    /// <inheritdoc/>
    public abstract AggregateMethod Method { get; }

    /// <summary>What it counted.</summary>
    public TCounters Counters { get; } = new();

    /// <summary>The aggregates it computes.</summary>
    internal CarriedTable<TSlot> Table { get; }

    /// <summary>The knobs.</summary>
    protected AggregationOptions Options { get; }

    /// <summary>Where this node's values come from, if any do.</summary>
    protected IAggregateValues? Values { get; }

    /// <summary>Takes the estimates, if anybody does.</summary>
    protected IAggregateSink? Sink { get; }

    /// <summary>Aggregation, if it told of itself.</summary>
    protected IAggregationHost? Host { get; private set; }

    /// <summary>The node; there from the start on.</summary>
    protected IProtocolContext Context { get; private set; } = null!;

    /// <summary>Every message is written here; there from the first aggregate on.</summary>
    protected byte[] Buffer { get; private set; } = [];

    /// <inheritdoc/>
    public virtual void Start(IProtocolContext context) => Context = context;

    /// <inheritdoc/>
    public void Attach(IAggregationHost host) => Host = host;

    /// <inheritdoc/>
    public virtual void EndEpoch()
    {
    }

    /// <inheritdoc/>
    public virtual void BeginEpoch()
    {
    }

    /// <inheritdoc/>
    public bool TryCarry(ulong id, AggregateDefinition definition)
    {
        if (Table.IsFull)
        {
            Counters.DefinitionsRefused++;
            return false;
        }

        Buffer = Buffer.Length > 0 ? Buffer : new byte[_messageBytes];
        Table.Add(NewSlot(id, definition));
        if (_nextStep == Instant.Never)
        {
            _nextStep = Context.Now + (Context.Random.NextDouble() * Options.CycleTime);
        }

        Arm();
        return true;
    }

    /// <inheritdoc/>
    public virtual void Withdraw(ulong id)
    {
        // From the next epoch on, as no value is given any more.
    }

    /// <inheritdoc/>
    public void Drop(ulong id)
    {
        if (Table.Find(id) is not { } slot)
        {
            return;
        }

        Table.Remove(slot);
        if (Table.Slots.IsEmpty)
        {
            Leave();
            _nextStep = Instant.Never;
        }
    }

    /// <inheritdoc/>
    public abstract void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body);

    /// <inheritdoc/>
    public void OnDue(IProtocolContext context, long token)
    {
        if (context.Now >= _nextStep)
        {
            _nextStep = Cadence.Next(_nextStep, _stepTime, context.Now);
            Step();
        }

        Arm();
    }

    /// <inheritdoc/>
    public void OnCommand(IProtocolContext context, object command)
    {
        if (command is AggregationCommand.ProvideValue value)
        {
            Counters.ValuesRefused += Table.Find(value.Id) is { } slot && TryGive(slot, value) ? 0 : 1;
        }
    }

    /// <inheritdoc/>
    public virtual void OnLeave(IProtocolContext context)
    {
    }

    /// <summary>What is kept for an aggregate.</summary>
    protected abstract TSlot NewSlot(ulong id, AggregateDefinition definition);

    /// <summary>A step is due.</summary>
    protected abstract void Step();

    /// <summary>The application gives a value.</summary>
    /// <returns>False if it is of no use.</returns>
    protected abstract bool TryGive(TSlot slot, AggregationCommand.ProvideValue value);

    /// <summary>There is nothing to compute any more.</summary>
    protected virtual void Leave()
    {
    }

    /// <summary>Sets the deadline to what is due next.</summary>
    private void Arm()
    {
        if (_nextStep != Instant.Never)
        {
            Context.Schedule(_nextStep - Context.Now, 0);
        }
    }
}
