namespace Hearsay.Protocols;

/// <summary>
/// Any quantile by pulls alone, once an epoch: a tournament in rounds of a cycle, in which every node asks a few random
/// others for the value they held at the start of the round. <see cref="TournamentMessage"/> has the messages. Source:
/// Haeupler, Mohapatra, Su, PODC 2018 (arXiv 1711.09258); that nodes keep the values of past rounds, so that the
/// network need not be synchronous, is not in it.
/// </summary>
internal sealed partial class TournamentProtocol : IProtocol, IAggregateCarrier
{
    /// <summary>The protocol byte of its frames.</summary>
    public const byte ProtocolId = 18;

    /// <summary>The cycles in which values may be given, before the first round.</summary>
    private const int GivingCycles = 3;

    /// <summary>How often in a cycle a node looks after its pulls.</summary>
    private const int LooksPerCycle = 4;

    private readonly AggregationOptions _options;
    private readonly IAggregateValues? _values;
    private readonly IAggregateSink? _sink;
    private readonly CarriedTable<TournamentSlot> _table;
    private readonly EpochFollower _epochs;
    private readonly RoundTripEstimator _roundTrip;
    private readonly byte[] _buffer = new byte[TournamentMessage.Bytes];
    private IProtocolContext _context = null!;
    private Instant _nextLook = Instant.Never;
    private int _looks;

    /// <summary>Stands between the random stream and the ids that others see.</summary>
    private ulong _idKey;

    /// <summary>A machine that has not started.</summary>
    /// <param name="options">Checked here.</param>
    /// <param name="values">Where this node's values come from; null makes it a relay.</param>
    /// <param name="sink">Takes the estimates; null for nobody.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public TournamentProtocol(AggregationOptions options, IAggregateValues? values, IAggregateSink? sink)
    {
        AggregationValidation.ThrowIfInvalid(options);
        _options = options with { CyclesPerEpoch = options.TournamentCycles, SettleCycles = 0 };
        (_values, _sink) = (values, sink);
        _table = new CarriedTable<TournamentSlot>(options.MaximumDefinitions);
        _epochs = new EpochFollower(_options);
        _roundTrip = new RoundTripEstimator(options.MinimumTimeout, options.CycleTime);
    }

    /// <inheritdoc/>
    public byte Id => ProtocolId;

    /// <inheritdoc/>
    public AggregateMethod Method => AggregateMethod.Tournament;

    /// <summary>What it counted.</summary>
    public TournamentCounters Counters { get; } = new();

    /// <summary>Its epochs.</summary>
    internal EpochClock Clock => _epochs.Clock;

    /// <summary>The aggregates it computes.</summary>
    internal CarriedTable<TournamentSlot> Table => _table;

    /// <inheritdoc/>
    public void Start(IProtocolContext context)
    {
        _context = context;
        _idKey = context.Random.NextUInt64();
    }

    /// <inheritdoc/>
    public bool TryCarry(ulong id, AggregateDefinition definition)
    {
        if (_table.IsFull)
        {
            Counters.DefinitionsRefused++;
            return false;
        }

        _table.Add(new TournamentSlot(id, definition));
        if (_nextLook == Instant.Never)
        {
            _nextLook = _context.Now + (_context.Random.NextDouble() * _options.CycleTime);
        }

        Arm();
        return true;
    }

    /// <inheritdoc/>
    public void Withdraw(ulong id)
    {
        // From the next epoch on, as no value is given any more.
    }

    /// <inheritdoc/>
    public void Drop(ulong id)
    {
        if (_table.Find(id) is { } slot)
        {
            _table.Remove(slot);
        }

        if (_table.Slots.IsEmpty)
        {
            _nextLook = Instant.Never;
            _epochs.Leave();
        }
    }

    /// <inheritdoc/>
    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        if (!AggregationHeader.TryRead(ref reader, out var header) || body.Length < TournamentMessage.Bytes
            || type is not (TournamentMessage.Pull or TournamentMessage.Answer))
        {
            Counters.Malformed++;
            return;
        }

        if (_table.Slots.IsEmpty)
        {
            return;
        }

        Follow(from.Id, header);
        if (type == TournamentMessage.Pull)
        {
            OnPull(header, ref reader);
        }
        else
        {
            OnAnswer(from.Id, header, ref reader);
        }

        Arm();
    }

    /// <inheritdoc/>
    public void OnDue(IProtocolContext context, long token)
    {
        EndEpochs();
        if (context.Now >= _nextLook)
        {
            var apart = _options.CycleTime / LooksPerCycle;
            _nextLook = Instant.Max(_nextLook + apart, context.Now + (apart / 2));
            Look();
        }

        Arm();
    }

    /// <inheritdoc/>
    public void OnCommand(IProtocolContext context, object command)
    {
        if (command is AggregationCommand.ProvideValue value)
        {
            var taken = value.Epoch == Clock.Epoch
                && (_table.Find(value.Id)?.TryContribute(value.Input.Value) ?? false);
            Counters.ValuesRefused += taken ? 0 : 1;
        }
    }

    private void Look()
    {
        _looks++;
        if (Clock.Phase == EpochPhase.Joining)
        {
            if (_looks % LooksPerCycle == 0 && _epochs.TryJoin(_context.Now))
            {
                BeginEpoch();
            }

            return;
        }

        foreach (var slot in _table.Slots)
        {
            if (slot.IsActive && !slot.IsDone)
            {
                Advance(slot);
            }
        }
    }

    private void Follow(NodeId from, in AggregationHeader header)
    {
        var verdict = _epochs.Judge(from, header, _context.Now);
        Counters.EpochsRefused += verdict is EpochVerdict.Far or EpochVerdict.Early ? 1 : 0;
        if (verdict == EpochVerdict.Ahead)
        {
            Counters.Jumps++;
            CountUnfinished();
            Clock.Jump(header.Epoch, header.Elapsed, _context.Now);
            BeginEpoch();
        }
    }

    private void EndEpochs()
    {
        if (Clock.IsLost(_context.Now))
        {
            _epochs.Leave();
        }

        while (_context.Now >= Clock.Ends)
        {
            CountUnfinished();
            Clock.Next(_context.Now);
            BeginEpoch();
        }
    }

    private void BeginEpoch()
    {
        var takesPart = Clock.Phase == EpochPhase.Running;
        foreach (var slot in _table.Slots)
        {
            slot.Begin(takesPart, _context.Now);
            if (takesPart)
            {
                _values?.RequestValue(slot.Id, slot.Definition, Clock.Epoch);
            }
        }
    }

    private void CountUnfinished()
    {
        foreach (var slot in _table.Slots)
        {
            Counters.Unfinished += slot.IsActive && !slot.IsDone ? 1 : 0;
        }
    }

    private void Arm()
    {
        var due = Instant.Min(_nextLook, _table.Slots.IsEmpty ? Instant.Never : Clock.Ends);
        if (due != Instant.Never)
        {
            _context.Schedule(due - _context.Now, 0);
        }
    }
}
