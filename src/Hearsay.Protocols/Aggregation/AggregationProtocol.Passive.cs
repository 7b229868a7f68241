namespace Hearsay.Protocols;

/// <summary>The exchanges others begin with this node.</summary>
internal sealed partial class AggregationProtocol
{
    /// <summary>More aggregates than any node knows.</summary>
    private const int MaximumSections = 512;

    private void OnAsk(IProtocolContext context, in AggregationHeader header, int room) =>
        Inform(context, header.Id, room, [], definitions: true);

    private void OnRequest(
        IProtocolContext context, in Peer from, in AggregationHeader header, WireReader reader, int room)
    {
        if (!IsRequest(reader) || header.Epoch == 0)
        {
            Counters.Malformed++;
            return;
        }

        if (_clock.Phase == EpochPhase.Joining)
        {
            Inform(context, header.Id, room, [], definitions: false);
            return;
        }

        var verdict = Follow(context, header);
        Counters.FarEpochs += verdict == EpochVerdict.Far ? 1 : 0;
        Counters.StaleRequests += verdict == EpochVerdict.Stale ? 1 : 0;
        if (verdict != EpochVerdict.Same || _clock.Phase != EpochPhase.Running)
        {
            Span<ulong> wants = stackalloc ulong[AggregationMessage.MaximumWants];
            Inform(context, header.Id, room, wants[..Unknown(reader, wants)], definitions: false);
            return;
        }

        var key = AnswerCache.KeyOf(from.Id, header.Id);
        if (_answers.TryFind(key, out var before))
        {
            Repeat(context, before);
        }
        else if (header.IsFlagged && _answers.HasForgotten)
        {
            // It may have been answered: to apply it twice would be worse than to leave it.
            Counters.AnswersForgotten++;
        }
        else
        {
            Answer(context, header, key, reader, room);
        }
    }

    private void Repeat(IProtocolContext context, ReadOnlySpan<byte> answer)
    {
        if (answer.IsEmpty)
        {
            Counters.AnswersForgotten++;
            return;
        }

        Counters.AnswersRepeated++;
        context.Reply(AggregationMessage.Answer, answer);
    }

    private void Answer(
        IProtocolContext context, in AggregationHeader header, ulong key, WireReader reader, int room)
    {
        var leaders = reader;
        SkipLeaders(ref reader);
        var writer = new WireWriter(AnswerRoom(room));
        HeaderOf(context, header.Id).Write(ref writer);
        Span<ulong> wants = stackalloc ulong[AggregationMessage.MaximumWants];
        var unknown = Unknown(leaders, wants);
        AnswerSections(ref reader, ref writer);
        AnswerLeaders(ref leaders, ref writer);
        WriteWants(ref writer, wants[..unknown]);
        Counters.Answered++;
        _metSomebody = true;
        _answers.Store(key, writer.Written);
        context.Reply(AggregationMessage.Answer, writer.Written);
    }

    /// <summary>An answer to a datagram may be as long as that; over a stream as long as needed.</summary>
    private Span<byte> AnswerRoom(int room) =>
        room > AggregationMessage.DatagramBytes ? _buffer : _buffer.AsSpan(0, Math.Min(room, _buffer.Length));

    private void AnswerSections(ref WireReader reader, ref WireWriter writer)
    {
        var count = reader.ReadLength();
        var head = writer.Position;
        var answered = 0;
        writer.WriteUInt16(0);
        for (var i = 0; i < count; i++)
        {
            var slot = _table.Find(reader.ReadUInt64());
            var unused = reader.ReadByte();
            var state = reader.ReadBytes(reader.ReadLength());
            if (slot is null)
            {
                continue;
            }

            slot.UnusedEpochs = Math.Min(slot.UnusedEpochs, unused);
            if (slot.IsActive && !state.IsEmpty)
            {
                answered += TryAnswerSection(slot, state, ref writer) ? 1 : 0;
            }
        }

        writer.Patch(head, (ushort)(0x8000 | answered));
    }

    private bool TryAnswerSection(AggregateSlot slot, ReadOnlySpan<byte> state, ref WireWriter writer)
    {
        var start = writer.Position;
        writer.WriteUInt64(slot.Id);
        writer.WriteUInt16(0);
        if (!writer.Failed && slot.TryAnswer(state, ref writer))
        {
            PatchLength(ref writer, start + sizeof(ulong));
            return true;
        }

        Counters.StatesRefused++;
        writer.Rewind(start);
        return false;
    }

    private void AnswerLeaders(ref WireReader reader, ref WireWriter writer)
    {
        var before = _leaders.Estimate().Size;
        if (_leaders.TryAnswer(ref reader, ref writer))
        {
            _leaderDisagreement.Add(before, _leaders.Estimate().Size);
        }
        else
        {
            Counters.StatesRefused++;
            writer.WriteByte(0);
        }
    }

    /// <summary>Tells another node this node's epoch instead of exchanging with it.</summary>
    private void Inform(
        IProtocolContext context, ulong id, int room, ReadOnlySpan<ulong> wants, bool definitions)
    {
        var writer = new WireWriter(AnswerRoom(Math.Min(room, AggregationMessage.DatagramBytes)));
        HeaderOf(context, id).Write(ref writer);
        WriteWants(ref writer, wants);
        if (definitions)
        {
            WriteDefinitions(ref writer, context.Random.Below(Math.Max(1, _table.Slots.Length)));
        }

        context.Reply(AggregationMessage.Information, writer.Written);
    }

    /// <summary>Whether the lengths within a request are those of a request.</summary>
    private static bool IsRequest(WireReader reader)
    {
        SkipLeaders(ref reader);
        return AreSections(reader, hasAge: true);
    }

    private static bool AreSections(WireReader reader, bool hasAge)
    {
        var count = reader.ReadLength();
        for (var i = 0; i < count && !reader.Failed; i++)
        {
            reader.ReadUInt64();
            reader.ReadBytes(hasAge ? 1 : 0);
            reader.ReadBytes(reader.ReadLength());
        }

        return !reader.Failed && count <= MaximumSections;
    }

    private static void SkipLeaders(ref WireReader reader) =>
        reader.ReadBytes(reader.ReadByte() * LeaderMap.EntryBytes);
}
