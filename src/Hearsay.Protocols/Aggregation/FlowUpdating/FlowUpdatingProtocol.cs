using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Neighbours;

namespace Hearsay.Protocols.Aggregation.FlowUpdating;

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
internal sealed partial class FlowUpdatingProtocol : CarrierProtocol<FlowSlot, FlowUpdatingCounters>
{
    /// <summary>The protocol byte of its frames.</summary>
    public const byte ProtocolId = 16;

    private readonly FlowUpdatingOptions _flow;

    /// <summary>A machine that has not started.</summary>
    /// <param name="options">Checked here.</param>
    /// <param name="values">Where this node's values come from; null makes it a relay.</param>
    /// <param name="sink">Takes the estimates; null for nobody.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public FlowUpdatingProtocol(AggregationOptions options, IAggregateValues? values, IAggregateSink? sink)
        : base(options, values, sink, stepsPerCycle: 1, FlowUpdatingMessage.MaximumBytes)
    {
        _flow = options.FlowUpdating;
        Links = new StickyNeighbours(_flow.Capacity);
    }

    /// <inheritdoc/>
    public override byte Id => ProtocolId;

    /// <inheritdoc/>
    public override AggregateMethod Method => AggregateMethod.FlowUpdating;

    /// <summary>Its sticky neighbours.</summary>
    internal StickyNeighbours Links { get; }

    /// <inheritdoc/>
    public override void Start(IProtocolContext context)
    {
        base.Start(context);
        (_numbers, _probeKey) = ((uint)context.Random.NextUInt64(), context.Random.NextUInt64());
    }

    /// <inheritdoc/>
    public override void Withdraw(ulong id) => Table.Find(id)?.Withdraw();

    /// <inheritdoc/>
    public override void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
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
            case FlowUpdatingMessage.Probe:
                OnProbe(from, number);
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
    public override void OnLeave(IProtocolContext context) => Leave();

    /// <inheritdoc/>
    protected override FlowSlot NewSlot(ulong id, AggregateDefinition definition) =>
        new(id, definition, Links.Capacity, Context.Now);

    /// <inheritdoc/>
    protected override bool TryGive(FlowSlot slot, AggregationCommand.ProvideValue value) =>
        slot.TryChange(value.Input);

    /// <inheritdoc/>
    protected override void Step()
    {
        foreach (var slot in Table.Slots)
        {
            slot.Cycles++;
            Values?.RequestValue(slot.Id, slot.Definition, slot.Cycles);
        }

        TendLinks();
        Contact();
        if (Sink is not null)
        {
            foreach (var slot in Table.Slots)
            {
                Sink.OnEstimate(
                    slot.Id, slot.Read(Context.Now, IsAlone, _flow.SettleExchanges, Host?.Size));
            }
        }
    }
}
