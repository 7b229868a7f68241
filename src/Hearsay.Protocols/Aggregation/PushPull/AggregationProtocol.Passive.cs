using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.States;

namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>The exchanges others begin with this node.</summary>
internal sealed partial class AggregationProtocol
{
    /// <summary>More aggregates than any node knows.</summary>
    private const int MaximumSections = 512;

    private void OnAsk(IProtocolContext context, in Peer from, in AggregationHeader header, int room)
    {
        BeginAnewFor(context, header);
        Inform(context, from.Id, header.Id, room, [], definitions: true);
    }

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
            Inform(context, from.Id, header.Id, room, [], definitions: false);
            return;
        }

        var verdict = Follow(header, isAsked: false);
        Counters.FarEpochs += verdict == EpochVerdict.Far ? 1 : 0;
        Counters.StaleRequests += verdict == EpochVerdict.Stale ? 1 : 0;
        if (verdict != EpochVerdict.Same || _clock.Phase != EpochPhase.Running)
        {
            Span<ulong> wants = stackalloc ulong[AggregationMessage.MaximumWants];
            Inform(context, from.Id, header.Id, room, wants[..Unknown(from.Id, reader, wants)], definitions: false);
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
            Answer(context, from, header, key, reader, room);
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
        IProtocolContext context, in Peer from, in AggregationHeader header, ulong key, WireReader reader, int room)
    {
        var leaders = reader;
        SkipLeaders(ref reader);
        var writer = new WireWriter(AnswerRoom(room));
        HeaderOf(context, header.Id).Write(ref writer);
        Span<ulong> wants = stackalloc ulong[AggregationMessage.MaximumWants];
        var unknown = Unknown(from.Id, leaders, wants);
        var exchanged = AnswerSections(ref reader, ref writer, onlyLate: header.IsLate);
        if (header.IsLate)
        {
            writer.WriteByte(0);
            Counters.LooksGiven++;
        }
        else
        {
            AnswerLeaders(ref leaders, ref writer);
            Counters.Answered++;
            (_metSomebody, _hasExchanged, _isFounder) = (true, true, false);
        }

        WriteWants(context, from.Id, ref writer, wants[..unknown]);
        if (exchanged || !header.IsLate)
        {
            _answers.Store(key, writer.Written);
        }

        Reply(context, AggregationMessage.Answer, writer);
    }

    /// <summary>An answer that had no room even for what belongs to every answer is none.</summary>
    private static void Reply(IProtocolContext context, byte type, in WireWriter writer)
    {
        if (!writer.Failed)
        {
            context.Reply(type, writer.Written);
        }
    }

    /// <summary>An answer to a datagram may be as long as that; over a stream as long as needed.</summary>
    private Span<byte> AnswerRoom(int room) =>
        room > AggregationMessage.DatagramBytes ? _buffer : _buffer.AsSpan(0, Math.Min(room, _buffer.Length));

    /// <returns>Whether anything was exchanged, and not only shown.</returns>
    private bool AnswerSections(ref WireReader reader, ref WireWriter writer, bool onlyLate)
    {
        var count = reader.ReadLength();
        var head = writer.Position;
        var (answered, shown) = (0, 0);
        writer.WriteUInt16(0);
        for (var i = 0; i < count; i++)
        {
            var slot = _table.Find(reader.ReadUInt64());
            var unused = reader.ReadByte();
            var part = (AggregatePart)reader.ReadByte();
            var state = reader.ReadBytes(reader.ReadLength());
            if (slot is null)
            {
                continue;
            }

            slot.UnusedEpochs = Math.Min(slot.UnusedEpochs, unused);
            var isAllowed = onlyLate ? slot.Part == AggregatePart.Early : slot.IsActive;
            if (isAllowed && slot.Part == part && !state.IsEmpty)
            {
                answered += TryAnswerSection(slot, state, ref writer) ? 1 : 0;
            }
            else if (part == AggregatePart.Looking || (part == AggregatePart.Early && slot.Part == AggregatePart.Whole))
            {
                shown += TryShowSection(slot, ref writer) || TryTellPart(slot, part, ref writer) ? 1 : 0;
            }
        }

        if (!writer.Failed)
        {
            writer.Patch(head, (ushort)(0x8000 | (answered + shown)));
        }

        return answered > 0;
    }

    private bool TryAnswerSection(AggregateSlot slot, ReadOnlySpan<byte> state, ref WireWriter writer)
    {
        var start = writer.Position;
        writer.WriteUInt64(slot.Id);
        writer.WriteByte((byte)slot.Part);
        var length = writer.Position;
        writer.WriteUInt16(0);
        if (!writer.Failed && slot.TryAnswer(state, ref writer))
        {
            PatchLength(ref writer, length);
            return true;
        }

        Counters.StatesRefused++;
        writer.Rewind(start);
        return false;
    }

    /// <summary>
    /// Only what this node itself would tell its application is shown, and only if there is room for it.
    /// </summary>
    private static bool TryShowSection(AggregateSlot slot, ref WireWriter writer)
    {
        if (!slot.IsActive || !double.IsFinite(slot.Apart) || double.IsNaN(slot.State.Value))
        {
            return false;
        }

        var start = writer.Position;
        writer.WriteUInt64(slot.Id);
        writer.WriteByte((byte)AggregatePart.Looking);
        var length = writer.Position;
        writer.WriteUInt16(0);
        writer.WriteDouble(slot.Apart);
        slot.State.WriteRequest(ref writer);
        if (writer.Failed)
        {
            writer.Rewind(start);
            return false;
        }

        PatchLength(ref writer, length);
        return true;
    }

    /// <summary>
    /// There is nothing to show yet. Who has it since the midst of the epoch is told that others have it from its
    /// beginning.
    /// </summary>
    private bool TryTellPart(AggregateSlot slot, AggregatePart theirs, ref WireWriter writer)
    {
        if (slot.Part != AggregatePart.Whole || theirs != AggregatePart.Early || IsAbandoned(slot, _context.Now)
            || writer.Room < sizeof(ulong) + PartBytes)
        {
            return false;
        }

        writer.WriteUInt64(slot.Id);
        WritePart(ref writer, AggregatePart.Whole);
        return true;
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
        IProtocolContext context, NodeId to, ulong id, int room, scoped ReadOnlySpan<ulong> wants, bool definitions)
    {
        var writer = new WireWriter(AnswerRoom(Math.Min(room, AggregationMessage.DatagramBytes)));
        HeaderOf(context, id).Write(ref writer);
        // What others told is not told on.
        var size = _sizes.Measured;
        writer.WriteDouble(size.IsUsable ? size.Size : 0);
        writer.WriteDouble(size.IsUsable ? size.Error : 0);
        WriteWants(context, to, ref writer, wants);
        if (definitions)
        {
            WriteDefinitions(ref writer, context.Random.Below(Math.Max(1, _table.Slots.Length)));
        }

        Reply(context, AggregationMessage.Information, writer);
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
            reader.ReadBytes(hasAge ? 2 : 1);
            reader.ReadBytes(reader.ReadLength());
        }

        return !reader.Failed && count <= MaximumSections;
    }

    private static void SkipLeaders(ref WireReader reader) =>
        reader.ReadBytes(reader.ReadByte() * LeaderMap.EntryBytes);
}
