using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.States;

namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>How aggregates become known, and forgotten.</summary>
internal sealed partial class AggregationProtocol
{
    private readonly OpenWants _wants = new();

    /// <summary>The application of this node wants an aggregate.</summary>
    private void Define(IProtocolContext context, AggregateDefinition definition)
    {
        if (definition.Error is not null)
        {
            Counters.DefinitionsRefused++;
            return;
        }

        var id = AggregateDefinitionCodec.IdOf(definition);
        if ((_table.Find(id) ?? Add(id, definition, isLocal: true)) is { } slot)
        {
            (slot.IsLocal, slot.UnusedEpochs) = (true, 0);
            Sign(slot);
            TakePart(context.Now, slot);
        }
    }

    /// <summary>
    /// An aggregate that became known takes part at once: in an epoch that has only begun as everybody does, later with
    /// those that came late as well.
    /// </summary>
    private void TakePart(Instant now, AggregateSlot slot)
    {
        if (slot.Part == AggregatePart.None)
        {
            slot.Begin(
                _clock.IsYoung(now) ? AggregatePart.Whole
                    : _clock.IsOpen(now) ? AggregatePart.Early
                    : LatePart(slot, now),
                now);
        }

        RequestValue(slot);
    }

    /// <summary>
    /// What only others wanted once, and nobody has given anything to in this epoch, is open to those who come late. A
    /// relay that was wrong in this is told by the next partner who knows better.
    /// </summary>
    private void LeaveAbandoned(Instant now)
    {
        foreach (var slot in _table.Slots)
        {
            if (!slot.IsLocal && _clock.IsOpen(now) && IsAbandoned(slot, now))
            {
                slot.Begin(AggregatePart.Early, now);
            }
        }
    }

    /// <summary>Values are given when an epoch begins, and have come to nearly all nodes in a quarter of it.</summary>
    private bool IsAbandoned(AggregateSlot slot, Instant now) =>
        slot is { Part: AggregatePart.Whole, IsFromBeginning: true } && !_clock.IsOpenToValues(now) && slot.IsEmpty;

    /// <summary>
    /// While this node waits for the next epoch it takes part in what its application wants as those do that came late.
    /// Where others have it from the beginning it gives way and looks, as there is nothing else to do near the end.
    /// </summary>
    private AggregatePart LatePart(AggregateSlot slot, Instant now) =>
        _clock.Phase != EpochPhase.Waiting || !slot.IsLocal ? AggregatePart.None
        : _clock.IsOpenToLate(now) ? AggregatePart.Early : AggregatePart.Looking;

    private void Release(ulong id)
    {
        if (_table.Find(id) is { } slot)
        {
            slot.IsLocal = false;
            slot.Carrier?.Withdraw(id);
        }
    }

    private AggregateSlot? Add(ulong id, AggregateDefinition definition, bool isLocal)
    {
        var carrier = CarrierOf(definition);
        if (carrier is not null == (definition.Method != AggregateMethod.PushPull)
            && AggregateStates.Create(definition, _leaders) is { } state)
        {
            var slot = new AggregateSlot(id, definition, state) { IsLocal = isLocal, Carrier = carrier };
            if (_table.TryAdd(slot))
            {
                // As many as the table holds find room there, and whoever gave way has left there too.
                carrier?.TryCarry(id, definition);
                GrowBuffer();
                return slot;
            }
        }

        Counters.DefinitionsRefused++;
        return null;
    }

    private IAggregateCarrier? CarrierOf(AggregateDefinition definition)
    {
        foreach (var carrier in _carriers)
        {
            if (carrier.Method == definition.Method)
            {
                return carrier;
            }
        }

        return null;
    }

    private void GrowBuffer()
    {
        var leaders = 2 + (2 * _leaders.Capacity * LeaderMap.EntryBytes);
        var wants = AggregationMessage.WantBytes(AggregationMessage.MaximumWants);
        var wanted = AggregationMessage.HeaderBytes + leaders + TailBytes + wants + _table.StateBytes;
        wanted = Math.Min(wanted, AggregationMessage.StreamBytes);
        if (_buffer.Length < wanted)
        {
            Array.Resize(ref _buffer, wanted);
        }
    }

    private void OnForgotten(AggregateSlot slot) => _sink?.OnLifeEnded(slot.Id, isForgotten: true);

    /// <summary>
    /// The aggregates of a request that are not known here, as far as there is room to learn them, and those whose
    /// proof is old.
    /// </summary>
    private int Unknown(NodeId from, WireReader request, Span<ulong> unknown)
    {
        if (_judge?.IsShunned(from, _context.Now) == true)
        {
            return 0;
        }

        SkipLeaders(ref request);
        var count = request.ReadLength();
        var room = _table.ForeignRoom;
        var found = 0;
        for (var i = 0; i < count && found < unknown.Length; i++)
        {
            var id = request.ReadUInt64();
            var unused = request.ReadByte();
            request.ReadByte();
            request.ReadBytes(request.ReadLength());
            var slot = _table.Find(id);
            if (unused <= _options.ExpiryEpochs && (slot is null ? room > 0 : NeedsNewProof(slot)))
            {
                room -= slot is null ? 1 : 0;
                unknown[found++] = id;
            }
        }

        return found;
    }

    /// <summary>Asks a partner for definitions: what it says is taken only if it repeats the token.</summary>
    private void WriteWants(
        IProtocolContext context, NodeId from, ref WireWriter writer, scoped ReadOnlySpan<ulong> wants)
    {
        wants = wants[..Math.Min(wants.Length, Math.Max(0, (writer.Room - 1 - sizeof(ulong)) / sizeof(ulong)))];
        writer.WriteByte((byte)wants.Length);
        if (wants.IsEmpty)
        {
            return;
        }

        var token = NextId(context);
        writer.WriteUInt64(token);
        foreach (var id in wants)
        {
            writer.WriteUInt64(id);
            _wants.Add(from, token, id);
        }
    }

    /// <summary>Reads what a partner wants to know, and tells it.</summary>
    private void SendDefinitions(IProtocolContext context, in Peer to, ref WireReader wants)
    {
        var count = wants.ReadByte();
        var token = count > 0 ? wants.ReadUInt64() : 0;
        if (wants.Failed || count == 0 || count > AggregationMessage.MaximumWants)
        {
            return;
        }

        var writer = new WireWriter(_buffer.AsSpan(0, AggregationMessage.DatagramBytes));
        HeaderOf(context, token).Write(ref writer);
        var head = writer.Position;
        byte written = 0;
        writer.WriteByte(0);
        for (var i = 0; i < count; i++)
        {
            if (_table.Find(wants.ReadUInt64()) is { } slot && TryWriteDefinition(ref writer, slot))
            {
                written++;
            }
        }

        if (written > 0)
        {
            writer.Patch(head, written);
            context.Send(to, AggregationMessage.Definitions, writer.Written);
        }
    }

    /// <summary>Writes as many definitions as fit, from a place in the list on and round.</summary>
    private void WriteDefinitions(ref WireWriter writer, int first)
    {
        var head = writer.Position;
        byte written = 0;
        writer.WriteByte(0);
        for (var i = 0; i < _table.Slots.Length && written < AggregationMessage.MaximumDefinitions; i++)
        {
            var slot = _table.Slots[(first + i) % _table.Slots.Length];
            written += TryWriteDefinition(ref writer, slot) ? (byte)1 : (byte)0;
        }

        if (!writer.Failed)
        {
            writer.Patch(head, written);
        }
    }

    private bool TryWriteDefinition(ref WireWriter writer, AggregateSlot slot)
    {
        SignAgain(slot);
        if (writer.Room < AggregateDefinitionCodec.MaximumBytes + slot.Proof.Length + 3)
        {
            return false;
        }

        writer.WriteByte((byte)Math.Min(slot.UnusedEpochs, byte.MaxValue));
        var start = writer.Position;
        writer.WriteUInt16(0);
        AggregateDefinitionCodec.Write(ref writer, slot.Definition);
        writer.WriteBytes(slot.Proof);
        PatchLength(ref writer, start);
        return true;
    }

    private void OnDefinitions(in Peer from, in AggregationHeader header, WireReader reader) =>
        LearnAll(from.Id, header.Id, ref reader);

    /// <summary>Learns the definitions in a message.</summary>
    /// <param name="from">Who sent them.</param>
    /// <param name="token">Of the question they answer; null if this node asked for all there are.</param>
    /// <param name="reader">Stands at them.</param>
    private void LearnAll(NodeId from, ulong? token, ref WireReader reader)
    {
        var count = reader.ReadByte();
        for (var i = 0; i < count && i < AggregationMessage.MaximumDefinitions; i++)
        {
            var unused = reader.ReadByte();
            var bytes = new WireReader(reader.ReadBytes(reader.ReadLength()));
            if (reader.Failed)
            {
                Counters.Malformed++;
                return;
            }

            Learn(from, token, ref bytes, unused);
        }
    }

    private void Learn(NodeId from, ulong? token, ref WireReader bytes, byte unused)
    {
        if (unused > _options.ExpiryEpochs
            || !AggregateDefinitionCodec.TryRead(ref bytes, out var definition))
        {
            Counters.DefinitionsRefused++;
            return;
        }

        var id = AggregateDefinitionCodec.IdOf(definition!);
        if (token is { } asked && !_wants.TryTake(from, asked, id))
        {
            Counters.DefinitionsUnasked++;
            return;
        }

        if (_table.Find(id) is { } known)
        {
            TakeNewProof(from, known, bytes.Rest);
        }
        else if (IsProven(from, definition!, bytes.Rest) && Add(id, definition!, isLocal: false) is { } slot)
        {
            slot.UnusedEpochs = unused;
            Keep(slot, bytes.Rest);
            Counters.Learned++;
            TakePart(_context.Now, slot);
        }
    }
}
