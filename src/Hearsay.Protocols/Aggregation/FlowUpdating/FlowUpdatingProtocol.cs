namespace Hearsay.Protocols;

/// <summary>
/// Flow updating: averages of values that never stop changing, without epochs. Once a cycle a node exchanges with one
/// of its sticky neighbours; loss delays agreement and does not shift it, and the mass of a neighbour that crashed
/// returns. <see cref="FlowUpdatingMessage"/> has the messages. Source: Jesus, Baquero, Almeida, DAIS 2009.
/// </summary>
/// <remarks>
/// <para>Its neighbours are its own, not those of <see cref="NeighboursProtocol"/>. That one gives up links on purpose,
/// to make room for newcomers and to mix, and at 20 % loss now and then by mistake: every link that goes throws the
/// flow over it back, while here a link is worth the more the longer it stays. And the exchange is all the
/// handshake and heartbeat that is needed, so a node without such an aggregate sends nothing.</para>
/// <para>One class, one file per concern: Exchange (the messages), Links (who is a neighbour).</para>
/// </remarks>
internal sealed partial class FlowUpdatingProtocol : IProtocol, IAggregateCarrier
{
    /// <summary>The protocol byte of its frames.</summary>
    public const byte ProtocolId = 16;

    private readonly AggregationOptions _options;
    private readonly FlowUpdatingOptions _flow;
    private readonly IAggregateValues? _values;
    private readonly IAggregateSink? _sink;
    private readonly CarriedTable<FlowSlot> _table;

    /// <summary>Every message is written here; there from the first aggregate on.</summary>
    private byte[] _buffer = [];
    private IProtocolContext _context = null!;
    private Instant _nextCycle = Instant.Never;

    /// <summary>A machine that has not started.</summary>
    /// <param name="options">Checked here.</param>
    /// <param name="values">Where this node's values come from; null makes it a relay.</param>
    /// <param name="sink">Takes the estimates; null for nobody.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public FlowUpdatingProtocol(AggregationOptions options, IAggregateValues? values, IAggregateSink? sink)
    {
        AggregationValidation.ThrowIfInvalid(options);
        (_options, _flow, _values, _sink) = (options, options.FlowUpdating, values, sink);
        _table = new CarriedTable<FlowSlot>(options.MaximumDefinitions);
        Links = new StickyNeighbours(_flow.Capacity);
    }

    /// <inheritdoc/>
    public byte Id => ProtocolId;

    /// <inheritdoc/>
    public AggregateMethod Method => AggregateMethod.FlowUpdating;

    /// <summary>What it counted.</summary>
    public FlowUpdatingCounters Counters { get; } = new();

    /// <summary>Its sticky neighbours.</summary>
    internal StickyNeighbours Links { get; }

    /// <summary>The aggregates it computes.</summary>
    internal CarriedTable<FlowSlot> Table => _table;

    /// <inheritdoc/>
    public void Start(IProtocolContext context)
    {
        _context = context;
        _numbers = (uint)context.Random.NextUInt64();
        Arm();
    }

    /// <inheritdoc/>
    public bool TryCarry(ulong id, AggregateDefinition definition)
    {
        if (_table.IsFull)
        {
            Counters.DefinitionsRefused++;
            return false;
        }

        _buffer = _buffer.Length > 0 ? _buffer : new byte[FlowUpdatingMessage.MaximumBytes];
        _table.Add(new FlowSlot(id, definition, Links.Capacity, _context.Now));
        if (_nextCycle == Instant.Never)
        {
            _nextCycle = _context.Now + (_context.Random.NextDouble() * _options.CycleTime);
        }

        Arm();
        return true;
    }

    /// <inheritdoc/>
    public void Withdraw(ulong id) => _table.Find(id)?.Withdraw();

    /// <inheritdoc/>
    public void Drop(ulong id)
    {
        if (_table.Find(id) is not { } slot)
        {
            return;
        }

        _table.Remove(slot);
        if (_table.Slots.IsEmpty)
        {
            DropAll();
            _nextCycle = Instant.Never;
        }
    }

    /// <inheritdoc/>
    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var number = reader.ReadUInt32();
        if (reader.Failed)
        {
            Counters.Malformed++;
            return;
        }

        switch (type)
        {
            case FlowUpdatingMessage.Exchange:
                OnExchange(from, number, reader);
                break;
            case FlowUpdatingMessage.Answer:
                OnAnswer(from, number, reader);
                break;
            case FlowUpdatingMessage.Refuse:
                OnRefuse(from, number);
                break;
            default:
                Counters.Malformed++;
                break;
        }
    }

    /// <inheritdoc/>
    public void OnDue(IProtocolContext context, long token)
    {
        if (context.Now >= _nextCycle)
        {
            _nextCycle = Instant.Max(_nextCycle + _options.CycleTime, context.Now + (_options.CycleTime / 2));
            BeginCycle();
        }

        Arm();
    }

    /// <inheritdoc/>
    public void OnCommand(IProtocolContext context, object command)
    {
        if (command is AggregationCommand.ProvideValue value)
        {
            var taken = _table.Find(value.Id)?.TryChange(value.Input) ?? false;
            Counters.ValuesRefused += taken ? 0 : 1;
        }
    }

    /// <inheritdoc/>
    public void OnLeave(IProtocolContext context) => DropAll();

    private void BeginCycle()
    {
        foreach (var slot in _table.Slots)
        {
            slot.Cycles++;
            _values?.RequestValue(slot.Id, slot.Definition, slot.Cycles);
        }

        TendLinks();
        Contact();
        if (_sink is not null)
        {
            foreach (var slot in _table.Slots)
            {
                _sink.OnEstimate(
                    slot.Id, slot.Read(_context.Now, IsAlone, _flow.SettleExchanges, _context.NetworkSize));
            }
        }
    }

    private void Arm()
    {
        if (_nextCycle != Instant.Never)
        {
            _context.Schedule(_nextCycle - _context.Now, 0);
        }
    }
}
