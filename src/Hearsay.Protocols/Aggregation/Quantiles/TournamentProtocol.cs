namespace Hearsay.Protocols;

/// <summary>
/// Any quantile by pulls alone, once an epoch: a tournament in rounds of a cycle, in which every node asks a few random
/// others for the value they held at the start of the round. <see cref="TournamentMessage"/> has the messages. Source:
/// Haeupler, Mohapatra, Su, PODC 2018 (arXiv 1711.09258); that nodes keep the values of past rounds, so that the
/// network need not be synchronous, is not in it.
/// </summary>
internal sealed partial class TournamentProtocol : EpochCarrierProtocol<TournamentSlot, TournamentCounters>
{
    /// <summary>The protocol byte of its frames.</summary>
    public const byte ProtocolId = 18;

    /// <summary>The cycles in which values may be given, before the first round.</summary>
    private const int GivingCycles = 3;

    /// <summary>How often in a cycle a node looks after its pulls.</summary>
    private const int LooksPerCycle = 4;

    private readonly RoundTripEstimator _roundTrip;
    private readonly TournamentClock _time;

    /// <summary>A machine that has not started.</summary>
    /// <param name="options">Checked here.</param>
    /// <param name="values">Where this node's values come from; null makes it a relay.</param>
    /// <param name="sink">Takes the estimates; null for nobody.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public TournamentProtocol(AggregationOptions options, IAggregateValues? values, IAggregateSink? sink)
        : base(options, values, sink, LooksPerCycle, TournamentMessage.Bytes)
    {
        _roundTrip = new RoundTripEstimator(options.MinimumTimeout, options.CycleTime);
        _time = new TournamentClock(options);
    }

    /// <inheritdoc/>
    public override byte Id => ProtocolId;

    /// <inheritdoc/>
    public override AggregateMethod Method => AggregateMethod.Tournament;

    /// <summary>Which tournament it is, and since when.</summary>
    internal TournamentClock Time => _time;

    /// <inheritdoc/>
    public override void BeginEpoch() => Advance();

    /// <inheritdoc/>
    public override void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        if (!AggregationHeader.TryRead(ref reader, out var header) || body.Length < TournamentMessage.Bytes
            || type is not (TournamentMessage.Pull or TournamentMessage.Answer))
        {
            Counters.Malformed++;
            return;
        }

        if (Table.Slots.IsEmpty)
        {
            return;
        }

        Advance();
        if (type == TournamentMessage.Pull)
        {
            OnPull(header, ref reader);
        }
        else
        {
            OnAnswer(from.Id, header, ref reader);
        }
    }

    /// <inheritdoc/>
    protected override TournamentSlot NewSlot(ulong id, AggregateDefinition definition) => new(id, definition);

    /// <inheritdoc/>
    protected override bool TryGive(TournamentSlot slot, AggregationCommand.ProvideValue value) =>
        value.Epoch == _time.Number && slot.TryContribute(value.Input.Value);

    /// <inheritdoc/>
    protected override void Step()
    {
        Advance();
        foreach (var slot in Table.Slots)
        {
            if (slot.IsActive && !slot.IsDone)
            {
                Advance(slot);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Begin(TournamentSlot slot, bool takesPart) => slot.Begin(takesPart, Context.Now);

    /// <summary>Looks whether another tournament has begun. What it cuts off has no result.</summary>
    private void Advance()
    {
        if (!_time.TryAdvance(Clock, Context.Now))
        {
            return;
        }

        foreach (var slot in Table.Slots)
        {
            Counters.Unfinished += slot.IsActive && !slot.IsDone ? 1 : 0;
        }

        BeginSlots(_time.IsYoung(Context.Now), _time.Number);
    }
}
