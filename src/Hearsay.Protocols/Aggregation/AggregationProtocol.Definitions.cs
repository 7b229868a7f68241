namespace Hearsay.Protocols;

/// <summary>How aggregates become known, and forgotten.</summary>
internal sealed partial class AggregationProtocol
{
    /// <summary>The application of this node wants an aggregate.</summary>
    private void Define(AggregateDefinition definition)
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
        }
    }

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
        var wants = 2 + (AggregationMessage.MaximumWants * sizeof(ulong));
        var wanted = AggregationMessage.HeaderBytes + leaders + wants + _table.StateBytes;
        if (_buffer.Length < wanted)
        {
            Array.Resize(ref _buffer, wanted);
        }
    }

    /// <summary>The aggregates of a request that are not known here, as far as there is room to learn them.</summary>
    private int Unknown(WireReader request, Span<ulong> unknown)
    {
        SkipLeaders(ref request);
        var count = request.ReadLength();
        var room = Math.Min(unknown.Length, _options.MaximumDefinitions - _table.Slots.Length);
        var found = 0;
        for (var i = 0; i < count && found < room; i++)
        {
            var id = request.ReadUInt64();
            var unused = request.ReadByte();
            request.ReadBytes(request.ReadLength());
            if (_table.Find(id) is null && unused <= _options.ExpiryEpochs)
            {
                unknown[found++] = id;
            }
        }

        return found;
    }

    private static void WriteWants(ref WireWriter writer, scoped ReadOnlySpan<ulong> wants)
    {
        wants = wants[..Math.Min(wants.Length, Math.Max(0, (writer.Room - 2) / sizeof(ulong)))];
        writer.WriteByte((byte)wants.Length);
        foreach (var id in wants)
        {
            writer.WriteUInt64(id);
        }
    }

    /// <summary>Reads what a partner wants to know, and tells it.</summary>
    private void SendDefinitions(IProtocolContext context, in Peer to, ref WireReader wants)
    {
        var count = wants.ReadByte();
        if (wants.Failed || count == 0 || count > AggregationMessage.MaximumWants)
        {
            return;
        }

        var writer = new WireWriter(_buffer.AsSpan(0, AggregationMessage.DatagramBytes));
        HeaderOf(context, 0).Write(ref writer);
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

    private static bool TryWriteDefinition(ref WireWriter writer, AggregateSlot slot)
    {
        if (writer.Room < AggregateDefinitionCodec.MaximumBytes + 3)
        {
            return false;
        }

        writer.WriteByte((byte)Math.Min(slot.UnusedEpochs, byte.MaxValue));
        var start = writer.Position;
        writer.WriteUInt16(0);
        AggregateDefinitionCodec.Write(ref writer, slot.Definition);
        PatchLength(ref writer, start);
        return true;
    }

    /// <summary>Learns the definitions in a message, in the next epoch to take part.</summary>
    private void LearnAll(ref WireReader reader)
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

            Learn(ref bytes, unused);
        }
    }

    private void Learn(ref WireReader bytes, byte unused)
    {
        if (unused > _options.ExpiryEpochs
            || !AggregateDefinitionCodec.TryRead(ref bytes, out var definition))
        {
            Counters.DefinitionsRefused++;
            return;
        }

        var id = AggregateDefinitionCodec.IdOf(definition!);
        if (_table.Find(id) is null && Add(id, definition!, isLocal: false) is { } slot)
        {
            slot.UnusedEpochs = unused;
            Counters.Learned++;
        }
    }
}
