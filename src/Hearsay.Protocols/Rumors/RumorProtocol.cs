using Hearsay.Protocols.Core;
using Hearsay.Protocols.Rumors;

namespace Hearsay.Protocols.Rumors;

/// <summary>
/// Rumor mongering: spreads small payloads to all nodes, many at once. A node that knows a rumor contacts random peers
/// once per cycle, until it loses interest because most peers know the rumor.
/// </summary>
/// <remarks>
/// A command of type <c>byte[]</c> starts a rumor with that payload, of at most
/// <see cref="RumorOptions.LargestPayloadBytes"/> bytes. The events are <see cref="RumorHeard"/>, once per rumor, and
/// <see cref="RumorRefused"/>. With the default options all but about one node in a million hear a rumor; no node is
/// guaranteed to. Each node needs an object of its own. Call it only from the node's event loop. Sources: see
/// <see cref="RumorOptions"/>.
/// </remarks>
internal sealed partial class RumorProtocol : IProtocol
{
    /// <summary>The byte that marks the frames of this protocol.</summary>
    public const byte FrameId = 4;

    private readonly RumorOptions _options;
    private readonly RumorContacts _contacts = new();
    private readonly Peer[] _partners;
    private readonly byte[] _rumors = new byte[RumorMessage.MaximumBodyBytes];
    private readonly byte[] _feedback = new byte[RumorMessage.MaximumBodyBytes];
    private RumorMemory _memory;

    /// <summary>A moment at which one of this node's cycles begins.</summary>
    private Instant _origin;

    /// <summary>When the next one does.</summary>
    private Instant _next;

    private bool _isArmed;
    private uint _sequence;
    private int _newInCycle;
    private int _takenInCycle;
    private int _firstToTell;

    /// <summary>Creates the protocol for one node.</summary>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message lists all errors.</exception>
    public RumorProtocol(RumorOptions? options = null)
    {
        _options = options ?? new RumorOptions();
        RumorValidation.ThrowIfInvalid(_options);
        _partners = new Peer[_options.Fanout];
        _memory = new RumorMemory(_options.MemoryCapacity, _options.LiveCapacity, 0);
    }

    /// <inheritdoc/>
    public byte Id => FrameId;

    /// <summary>The counters of the protocol.</summary>
    public RumorCounters Counters { get; } = new();

    /// <summary>The number of rumors that the node knows, hot or not, after the last input.</summary>
    public int KnownCount => _memory.Count;

    internal RumorMemory Memory => _memory;

    /// <summary>
    /// The number of rumors of which the node keeps the payload, because it spreads them or answers requests for them,
    /// after the last input.
    /// </summary>
    public int LiveCount => _memory.LiveCount;

    /// <inheritdoc/>
    public void Start(IProtocolContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _memory = new RumorMemory(_options.MemoryCapacity, _options.LiveCapacity, context.Random.NextUInt64());
        PrepareProofs(context);
        _origin = _options.Staggered
            ? context.Now + context.Random.Between(TimeSpan.Zero, _options.CycleTime) : Instant.Zero;
        _next = NextCycle(context.Now);
        ArmIfNeeded(context);
    }

    /// <inheritdoc/>
    public void OnCommand(IProtocolContext context, object command)
    {
        ArgumentNullException.ThrowIfNull(context);
        CatchUp(context);
        if (command is SpreadCommand spread)
        {
            var mayBegin = MayTakeNew && HasRoom() && spread.Text.Length <= LargestTextBytes;
            spread.Done(mayBegin ? Begin(context, spread.Text.Span) : null);
        }
        else if (command is not byte[] text)
        {
            context.Publish(new RumorRefused(0, "A rumor is a byte array."));
        }
        else if (text.Length > LargestTextBytes)
        {
            context.Publish(new RumorRefused(text.Length, $"A rumor has at most {LargestTextBytes} bytes."));
        }
        else if (HasRoom())
        {
            Begin(context, text);
        }
        else
        {
            context.Publish(new RumorRefused(text.Length, "Too many rumors at a time; try again in a cycle."));
        }
    }

    private RumorId Begin(IProtocolContext context, ReadOnlySpan<byte> text)
    {
        var id = new RumorId(context.Self.Id, context.Self.Incarnation, ++_sequence);
        var place = Remember(context, id, Sign(context, id, text), RumorKernel.Begin(_options));
        _memory[place].BeganNow = true;
        Counters.Begun++;
        return id;
    }

    /// <inheritdoc/>
    public void OnDue(IProtocolContext context, long token)
    {
        ArgumentNullException.ThrowIfNull(context);
        _isArmed = false;
        EndCycle(context);
        Forget(context.Now);
        BeginCycle(context);
        ArmIfNeeded(context);
    }

    private void EndCycle(IProtocolContext context)
    {
        foreach (var place in _memory.Live)
        {
            ref var rumor = ref _memory[place];
            if (!rumor.BeganNow)
            {
                RumorKernel.EndCycle(_options, ref rumor.State, rumor.Tally, ref context.Random);
            }

            (rumor.BeganNow, rumor.Tally) = (false, default);
        }

        _memory.DropTexts(_options);
        StartCounting(context.Now);
    }

    private void StartCounting(Instant now)
    {
        _next = NextCycle(now);
        (_newInCycle, _takenInCycle) = (0, 0);
    }

    /// <summary>A node with nothing to tell sleeps; cycles that passed meanwhile are made up for here.</summary>
    private void CatchUp(IProtocolContext context)
    {
        if (!_isArmed && context.Now >= _next)
        {
            StartCounting(context.Now);
        }

        Forget(context.Now);
    }

    private void Forget(Instant now) => _memory.ForgetBefore(now + -_memoryTime);

    /// <summary>A cycle that was missed, because the process slept, is not made up for.</summary>
    private Instant NextCycle(Instant now) =>
        Cadence.Next(_origin + -_options.CycleTime, _options.CycleTime, now);

    private void ArmIfNeeded(IProtocolContext context)
    {
        if (!_isArmed && (RumorKernel.Asks(_options) || _memory.LiveCount > 0))
        {
            _isArmed = true;
            context.Schedule(_next - context.Now, 0);
        }
    }

    /// <summary>Whether another new rumor may be taken in this cycle. Who asks here waits and is not refused.</summary>
    private bool MayTakeNew => _newInCycle < _options.NewPerCycle && !_memory.IsLiveFull;

    /// <summary>Whether another new rumor may be taken in this cycle; counts one that may not.</summary>
    private bool HasRoom()
    {
        if (_newInCycle >= _options.NewPerCycle)
        {
            Counters.Throttled++;
            return false;
        }

        if (_memory.IsLiveFull)
        {
            Counters.Full++;
            return false;
        }

        return true;
    }

    private int Remember(IProtocolContext context, in RumorId id, byte[] text, RumorState state)
    {
        var (place, forgot) = _memory.Add(id, KeyOf(id), text, state, context.Now);
        Counters.Forgotten += forgot ? 1 : 0;
        _newInCycle++;
        ArmIfNeeded(context);
        return place;
    }
}
