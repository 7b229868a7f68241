namespace Hearsay.Protocols;

/// <summary>
/// Push-sum: averages by messages that nobody answers, in epochs. Once a cycle a node sends half of what it holds to a
/// random peer. <see cref="PushSumMessage"/> has the message. Source: Kempe, Dobra, Gehrke, FOCS 2003; the epochs are
/// those of push-pull, heard instead of asked for.
/// </summary>
/// <remarks>
/// A lost push takes sum and weight with it: what is left is still an average, of the values a little unevenly. The
/// variant by running sums, which loses nothing, stays in the lab: it needs the same few edges for a whole epoch and
/// somebody to send to every node, and where each node draws 4 targets by itself, 1.8 % are drawn by nobody.
/// </remarks>
internal sealed partial class PushSumProtocol : IProtocol, IAggregateCarrier
{
    /// <summary>The protocol byte of its frames.</summary>
    public const byte ProtocolId = 17;

    private readonly AggregationOptions _options;
    private readonly IAggregateValues? _values;
    private readonly IAggregateSink? _sink;
    private readonly CarriedTable<PushSumSlot> _table;
    private readonly EpochFollower _epochs;
    private readonly ReplayRing _taken = new();

    /// <summary>Every message is written here; there from the first aggregate on.</summary>
    private byte[] _buffer = [];
    private IProtocolContext _context = null!;
    private Instant _nextCycle = Instant.Never;

    /// <summary>Stands between the random stream and the ids that others see.</summary>
    private ulong _idKey;

    /// <summary>Where the next push begins in the list, if not all fit a datagram.</summary>
    private int _firstSlot;

    /// <summary>A machine that has not started.</summary>
    /// <param name="options">Checked here.</param>
    /// <param name="values">Where this node's values come from; null makes it a relay.</param>
    /// <param name="sink">Takes the estimates; null for nobody.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public PushSumProtocol(AggregationOptions options, IAggregateValues? values, IAggregateSink? sink)
    {
        AggregationValidation.ThrowIfInvalid(options);
        (_options, _values, _sink) = (options, values, sink);
        _table = new CarriedTable<PushSumSlot>(options.MaximumDefinitions);
        _epochs = new EpochFollower(options);
    }

    /// <inheritdoc/>
    public byte Id => ProtocolId;

    /// <inheritdoc/>
    public AggregateMethod Method => AggregateMethod.PushSum;

    /// <summary>What it counted.</summary>
    public PushSumCounters Counters { get; } = new();

    /// <summary>Its epochs.</summary>
    internal EpochClock Clock => _epochs.Clock;

    /// <summary>The aggregates it computes.</summary>
    internal CarriedTable<PushSumSlot> Table => _table;

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

        _buffer = _buffer.Length > 0 ? _buffer : new byte[PushSumMessage.MaximumBytes];
        _table.Add(new PushSumSlot(id, definition));
        if (_nextCycle == Instant.Never)
        {
            _nextCycle = _context.Now + (_context.Random.NextDouble() * _options.CycleTime);
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
            _nextCycle = Instant.Never;
            _epochs.Leave();
            _joining = 0;
        }
    }

    /// <inheritdoc/>
    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        if (type != PushSumMessage.Push || !AggregationHeader.TryRead(ref reader, out var header) || header.Epoch == 0
            || !AreSections(reader))
        {
            Counters.Malformed++;
            return;
        }

        if (!_table.Slots.IsEmpty)
        {
            OnPush(from, header, ref reader);
            Arm();
        }
    }

    /// <inheritdoc/>
    public void OnDue(IProtocolContext context, long token)
    {
        EndEpochs();
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
            var inTime = value.Epoch == Clock.Epoch && Clock.Elapsed(_context.Now) <= Clock.Length / 4;
            var taken = inTime && (_table.Find(value.Id)?.TryContribute(value.Input) ?? false);
            Counters.ValuesRefused += taken ? 0 : 1;
        }
    }

    private static bool AreSections(WireReader reader)
    {
        var count = reader.ReadByte();
        for (var i = 0; i < count && !reader.Failed; i++)
        {
            reader.ReadUInt64();
            reader.ReadBytes(sizeof(double) * (1 + reader.ReadByte()));
        }

        return !reader.Failed;
    }

    private void BeginCycle()
    {
        if (Clock.Phase == EpochPhase.Joining)
        {
            if (_epochs.TryJoin(_context.Now))
            {
                EnterFirst();
            }
        }
        else if (_epochs.IsOpen(_context.Now))
        {
            Push();
        }

        Publish(isFinal: false);
    }

    private void Push()
    {
        if (!_context.Peers.TryGetPeer(out var peer))
        {
            _foundNobody = true;
            return;
        }

        _metSomebody = true;
        var writer = new WireWriter(_buffer);
        var id = SeededRandom.Mix(_context.Random.NextUInt64() ^ _idKey);
        new AggregationHeader(id, Clock.Epoch, Clock.Elapsed(_context.Now), AggregationHeader.Flag).Write(ref writer);
        var head = writer.Position;
        writer.WriteByte(0);
        byte count = 0;
        var slots = _table.Slots;
        for (var i = 0; i < slots.Length; i++)
        {
            var slot = slots[(int)((uint)(_firstSlot + i) % (uint)slots.Length)];
            if (writer.Room >= PushSumMessage.SectionBytes(slot.CellCount))
            {
                slot.WriteHalf(ref writer);
                count++;
            }
        }

        _firstSlot += count < slots.Length ? count : 0;
        writer.Patch(head, count);
        Counters.Sent++;
        _context.Send(peer, PushSumMessage.Push, writer.Written);
    }

    private void OnPush(in Peer from, in AggregationHeader header, ref WireReader reader)
    {
        var verdict = Clock.Phase == EpochPhase.Joining
            ? Listen(from.Id, header) : _epochs.Judge(from.Id, header, _context.Now);
        if (verdict == EpochVerdict.Ahead)
        {
            Counters.Jumps++;
            Complete();
            Clock.Jump(header.Epoch, header.Elapsed, _context.Now);
            BeginEpoch();
            verdict = EpochVerdict.Same;
        }

        Counters.EpochsRefused += verdict is EpochVerdict.Far or EpochVerdict.Early ? 1 : 0;
        Counters.Stale += verdict == EpochVerdict.Stale ? 1 : 0;
        if (!Counts(verdict))
        {
            return;
        }

        if (!IsNew(AnswerCache.KeyOf(from.Id, header.Id)))
        {
            Counters.Repeated++;
            return;
        }

        Counters.Taken++;
        _metSomebody = true;
        var count = reader.ReadByte();
        for (var i = 0; i < count; i++)
        {
            var slot = _table.Find(reader.ReadUInt64());
            var cells = reader.ReadByte();
            var weight = reader.ReadDouble();
            var taken = slot?.TryTake(weight, reader.ReadBytes(cells * sizeof(double))) ?? false;
            Counters.MassesRefused += taken ? 0 : 1;
        }
    }

    private static bool Counts(EpochVerdict verdict)
    {
#if HEARSAY_DEFECTS
        if (AggregateMethodDefects.Has(AggregateMethodDefect.OldPushTaken))
        {
            return verdict is EpochVerdict.Same or EpochVerdict.Stale;
        }

#endif
        return verdict == EpochVerdict.Same;
    }

    private bool IsNew(ulong key)
    {
#if HEARSAY_DEFECTS
        if (AggregateMethodDefects.Has(AggregateMethodDefect.PushTakenTwice))
        {
            return true;
        }

#endif
        return _taken.TryAdd(key);
    }

    private void Arm()
    {
        var due = Instant.Min(_nextCycle, _table.Slots.IsEmpty ? Instant.Never : Clock.Ends);
        if (due != Instant.Never)
        {
            _context.Schedule(due - _context.Now, 0);
        }
    }
}
