using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;

namespace Hearsay.Protocols.Aggregation.PushSum;

/// <summary>
/// Push-sum: averages by messages that nobody answers, in epochs. Once a cycle a node sends half of what it holds to a
/// random peer. <see cref="PushSumMessage"/> has the message. Source: Kempe, Dobra, Gehrke, FOCS 2003; the epochs are
/// those of push-pull, which runs on the same node.
/// </summary>
/// <remarks>
/// A lost push takes sum and weight with it: what is left is still an average, of the values a little unevenly. The
/// variant by running sums, which loses nothing, stays in the lab: it needs the same few edges for a whole epoch and
/// somebody to send to every node, and where each node draws 4 targets by itself, 1.8 % are drawn by nobody.
/// </remarks>
internal sealed partial class PushSumProtocol : EpochCarrierProtocol<PushSumSlot, PushSumCounters>
{
    /// <summary>The protocol byte of its frames.</summary>
    public const byte ProtocolId = 17;

    /// <summary>There from the first push on.</summary>
    private PushWindow? _taken;

    /// <summary>Where the next push begins in the list, if not all fit a datagram.</summary>
    private int _firstSlot;

    /// <summary>A machine that has not started.</summary>
    /// <param name="options">Checked here.</param>
    /// <param name="values">Where this node's values come from; null makes it a relay.</param>
    /// <param name="sink">Takes the estimates; null for nobody.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public PushSumProtocol(AggregationOptions options, IAggregateValues? values, IAggregateSink? sink)
        : base(options, values, sink, stepsPerCycle: 1, PushSumMessage.MaximumBytes)
    {
    }

    /// <inheritdoc/>
    public override byte Id => ProtocolId;

    /// <inheritdoc/>
    public override AggregateMethod Method => AggregateMethod.PushSum;

    /// <inheritdoc/>
    public override void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        if (type != PushSumMessage.Push || !AggregationHeader.TryRead(ref reader, out var header) || header.Epoch == 0
            || !AreSections(reader))
        {
            Counters.Malformed++;
            return;
        }

        if (!Table.Slots.IsEmpty)
        {
            OnPush(from, header, ref reader);
        }
    }

    /// <inheritdoc/>
    protected override PushSumSlot NewSlot(ulong id, AggregateDefinition definition) => new(id, definition);

    /// <inheritdoc/>
    protected override bool TryGive(PushSumSlot slot, AggregationCommand.ProvideValue value) =>
        value.Epoch == Clock.Epoch && Clock.Elapsed(Context.Now) <= Clock.Length / 4
        && slot.TryContribute(value.Input);

    /// <inheritdoc/>
    protected override void Step()
    {
        if (IsOpen)
        {
            Push();
        }

        Publish(isFinal: false);
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

    private void Push()
    {
        if (!Context.Peers.TryGetPeer(out var peer))
        {
            _foundNobody = true;
            return;
        }

        _metSomebody = true;
        var writer = new WireWriter(Buffer);
        new AggregationHeader(NewId(), Clock.Epoch, Clock.Elapsed(Context.Now), AggregationHeader.Flag)
            .Write(ref writer);
        var head = writer.Position;
        writer.WriteByte(0);
        byte count = 0;
        var slots = Table.Slots;
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
        Context.Send(peer, PushSumMessage.Push, writer.Written);
    }

    private void OnPush(in Peer from, in AggregationHeader header, ref WireReader reader)
    {
        var verdict = Clock.Phase == EpochPhase.Joining ? Listen(header) : Epochs.Follow(header);
        Counters.Stale += verdict == EpochVerdict.Stale ? 1 : 0;
        Counters.EpochsRefused += verdict is EpochVerdict.Far or EpochVerdict.Early ? 1 : 0;
        if (!Counts(verdict))
        {
            return;
        }

        if (!IsNew(from.Id, header))
        {
            Counters.Repeated++;
            return;
        }

        Counters.Taken++;
        _metSomebody = true;
        var count = reader.ReadByte();
        for (var i = 0; i < count; i++)
        {
            var slot = Table.Find(reader.ReadUInt64());
            var cells = reader.ReadByte();
            var weight = reader.ReadDouble();
            var taken = slot?.TryTake(weight, reader.ReadBytes(cells * sizeof(double))) ?? false;
            Counters.MassesRefused += taken ? 0 : 1;
        }
    }

    private static bool Counts(EpochVerdict verdict)
    {
        return verdict == EpochVerdict.Same;
    }

    private bool IsNew(NodeId from, in AggregationHeader header)
    {
        _taken ??= new PushWindow();
        return _taken.TryAdd(AnswerCache.KeyOf(from, header.Id), header.Epoch, header.Elapsed);
    }
}
