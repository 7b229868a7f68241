using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.States;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Security.Origins;

namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>
/// Push-pull aggregation: once a cycle a node exchanges all it holds with one random peer, after which both hold the
/// average; in a few cycles everybody holds the average of all. Epochs begin anew from fresh values.
/// <see cref="AggregationMessage"/> has the messages. Source: Jelasity, Montresor, Babaoglu, ACM TOCS 23(3), 2005; the
/// difference answers and the repeatable exchanges are not in it.
/// </summary>
/// <remarks>
/// One class, one file per concern: Epochs (where an epoch begins and ends), Joining (how a node finds the epoch),
/// Active (exchanges this node begins), Passive (those of others), Definitions (how aggregates become known), Signing
/// (who says that they are used), Reading (what is told).
/// </remarks>
internal sealed partial class AggregationProtocol : IProtocol, INetworkSizeSource, IAggregationHost
{
    /// <summary>The protocol byte of its frames.</summary>
    public const byte ProtocolId = 5;

    private readonly AggregationOptions _options;
    private readonly IAggregateValues? _values;
    private readonly IAggregateSink? _sink;
    private readonly IAggregateCarrier[] _carriers;
    private readonly EpochClock _clock;
    private readonly RoundTripEstimator _roundTrip;
    private readonly PendingExchanges _pending = new();
    private readonly AnswerCache _answers = new();
    private readonly AggregateTable _table;
    private readonly LeaderMap _leaders;

    /// <summary>There from the start on.</summary>
    private IProtocolContext _context = null!;

    /// <summary>Every message is written here; grows with the definitions.</summary>
    private byte[] _buffer = new byte[AggregationMessage.DatagramBytes];

    /// <summary>
    /// Stands between the random stream and the exchange ids that others see; draws for values follow from it.
    /// </summary>
    private ulong _idKey;

    private Instant _nextCycle;

    /// <summary>A machine that has not started.</summary>
    /// <param name="options">Checked here.</param>
    /// <param name="values">Where this node's values come from; null makes it a relay.</param>
    /// <param name="sink">Takes the estimates; null for nobody.</param>
    /// <param name="carriers">The node's protocols that compute aggregates by other methods.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public AggregationProtocol(
        AggregationOptions options, IAggregateValues? values, IAggregateSink? sink,
        params ReadOnlySpan<IAggregateCarrier> carriers)
    {
        AggregationValidation.ThrowIfInvalid(options);
        (_options, _values, _sink, _carriers) = (options, values, sink, carriers.ToArray());
        _clock = new EpochClock(options);
        _roundTrip = new RoundTripEstimator(options.MinimumTimeout, options.CycleTime);
        _table = new AggregateTable(options.MaximumDefinitions) { Forgotten = OnForgotten };
        _leaders = new LeaderMap(options.LeaderCapacity);
        foreach (var carrier in carriers)
        {
            carrier.Attach(this);
        }
    }

    /// <inheritdoc/>
    public byte Id => ProtocolId;

    /// <summary>What it counted.</summary>
    public AggregationCounters Counters { get; } = new();

    /// <summary>The present epoch; 0 before the node knows one.</summary>
    public long Epoch => _clock.Epoch;

    /// <summary>How far the node is with it.</summary>
    public EpochPhase Phase => _clock.Phase;

    /// <inheritdoc/>
    public EpochClock Clock => _clock;

    /// <summary>The aggregates it knows.</summary>
    internal AggregateTable Table => _table;

    /// <summary>The present epoch's leaders.</summary>
    internal LeaderMap Leaders => _leaders;

    /// <inheritdoc/>
    public void Start(IProtocolContext context)
    {
        _context = context;
        _judge = context.Proofs is { } proofs ? new OriginJudge(proofs, Counters.Origins) : null;
        _idKey = context.Random.NextUInt64();
        _nextCycle = context.Now + (context.Random.NextDouble() * _options.CycleTime);
        Arm(context);
    }

    /// <inheritdoc/>
    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        if (!AggregationHeader.TryRead(ref reader, out var header))
        {
            Counters.Malformed++;
            return;
        }

        switch (type)
        {
            case AggregationMessage.Ask:
                OnAsk(context, from, header, body.Length);
                break;
            case AggregationMessage.Information:
                OnInformation(context, header, reader);
                break;
            case AggregationMessage.Request:
                OnRequest(context, from, header, reader, body.Length);
                break;
            case AggregationMessage.Answer:
                OnAnswer(context, header, reader);
                break;
            case AggregationMessage.Definitions:
                OnDefinitions(from, header, reader);
                break;
            default:
                Counters.Malformed++;
                break;
        }

        Arm(context);
    }

    /// <inheritdoc/>
    public void OnDue(IProtocolContext context, long token)
    {
        EndEpochs(context);
        if (context.Now >= _nextCycle)
        {
            _nextCycle = Cadence.Next(_nextCycle, _options.CycleTime, context.Now);
            BeginCycle(context);
        }

        RepeatRequests(context);
        Arm(context);
    }

    /// <inheritdoc/>
    public void OnCommand(IProtocolContext context, object command)
    {
        switch (command)
        {
            case AggregationCommand.Define define:
                Define(context, define.Definition);
                break;
            case AggregationCommand.Release release:
                Release(release.Id);
                break;
            case AggregationCommand.ProvideValue value:
                Contribute(context, value);
                break;
            default:
                break;
        }

        Arm(context);
    }

    /// <inheritdoc/>
    public void OnViewChange(IProtocolContext context, in ViewChange change) =>
        _peersInView += change.Kind == ViewChangeKind.Added ? 1 : change.Kind == ViewChangeKind.Removed ? -1 : 0;

    private void BeginCycle(IProtocolContext context)
    {
        _table.Allow();
        LeaveAbandoned(context.Now);
        if (_clock.Phase == EpochPhase.Joining)
        {
            JoinCycle(context);
        }
        else if (_clock.Phase == EpochPhase.Waiting)
        {
            LateCycle(context);
        }
        else if (_clock.IsOpen(context.Now))
        {
            BeginExchange(context, PartnersPerCycle);
        }

        MeasureSizeUnderWay();
        PublishAll(context.Now, isFinal: false);
    }

    private void Arm(IProtocolContext context)
    {
        var due = Instant.Min(Instant.Min(_nextCycle, _clock.Ends), _pending.NextDue);
        context.Schedule(due - context.Now, 0);
    }
}
