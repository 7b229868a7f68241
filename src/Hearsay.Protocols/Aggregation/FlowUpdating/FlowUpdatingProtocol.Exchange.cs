using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.States;

namespace Hearsay.Protocols.Aggregation.FlowUpdating;

/// <summary>The messages of flow updating.</summary>
internal sealed partial class FlowUpdatingProtocol
{
    /// <summary>The number of the last exchange sent, whoever it went to.</summary>
    private uint _numbers;

    /// <summary>Where the next exchange begins in the list, if not all fit a datagram.</summary>
    private int _firstSlot;

    /// <summary>One neighbour a cycle, each in its turn, and again those that did not answer.</summary>
    private void Contact()
    {
        var chosen = Links.NextTurn(ref Context.Random);
        for (var place = 0; place < Links.Places; place++)
        {
            if (Links[place] is { IsUsed: true, IsProbed: false } && (place == chosen || Links[place].Unanswered > 0))
            {
                SendExchange(place);
            }
        }

        _firstSlot++;
    }

    private void SendExchange(int place)
    {
        ref var link = ref Links[place];
        link.Sent = ++_numbers;
        link.IsOpen = true;
        var writer = new WireWriter(Buffer);
        writer.WriteUInt32(link.Sent);
        writer.WriteByte(0);
        byte count = 0;
        var slots = Table.Slots;
        for (var i = 0; i < slots.Length; i++)
        {
            var slot = slots[(int)((uint)(_firstSlot + i) % (uint)slots.Length)];
            slot.SetAsked(place, writer.Room >= FlowUpdatingMessage.SectionBytes(slot.CellCount));
            if (!slot.IsAsked(place))
            {
                continue;
            }

            writer.WriteUInt64(slot.Id);
            writer.WriteByte((byte)slot.CellCount);
            for (var cell = 0; cell < slot.CellCount; cell++)
            {
                writer.WriteDouble(slot.Flow(cell, place));
                writer.WriteDouble(slot.Cells[cell]);
            }

            count++;
        }

        writer.Patch(sizeof(uint), count);
        Counters.Started++;
        link.IsUnderWay = Context.Send(link.Peer, FlowUpdatingMessage.Exchange, writer.Written);
    }

    private void OnExchange(in Peer from, uint number, WireReader reader)
    {
        if (!AreSections(reader, hasEstimates: true))
        {
            Counters.Malformed++;
            return;
        }

        var place = Links.Find(from.Id);
        if (place < 0 || Links[place].IsProbed)
        {
            Probe(from, place, number);
            return;
        }

        ref var link = ref Links[place];
        link.Unanswered = link.IsConfirmed ? 0 : link.Unanswered;
        if (IsStale(link, number))
        {
            Counters.Stale++;
            return;
        }

        (link.Seen, link.HasSeen) = (number, true);
        if (link is { IsOpen: true, IsUnderWay: true } && IsFirst(from.Id))
        {
            Counters.Crossed++;
            return;
        }

        // An answer to the own one would undo what is done here.
        link.IsOpen = false;
        AnswerExchange(place, number, ref reader);
    }

    private void AnswerExchange(int place, uint number, ref WireReader reader)
    {
        Span<double> flows = stackalloc double[MomentLayout.MaximumCells];
        Span<double> estimates = stackalloc double[MomentLayout.MaximumCells];
        var writer = new WireWriter(Buffer);
        writer.WriteUInt32(number);
        writer.WriteByte(0);
        byte answered = 0;
        var count = reader.ReadByte();
        for (var i = 0; i < count; i++)
        {
            var cells = FlowUpdatingMessage.ReadSection(ref reader, out var id, flows, estimates);
            if (Table.Find(id) is not { } slot)
            {
                continue;
            }

            if (cells != slot.CellCount || !slot.AreSound(flows[..cells]) || !slot.AreSound(estimates[..cells]))
            {
                // The other side drops its flow, as it is not answered; so does this one.
                Counters.FlowsRefused++;
                slot.DropFlow(place);
                continue;
            }

            slot.Receive(place, flows[..cells], estimates[..cells]);
            writer.WriteUInt64(id);
            writer.WriteByte((byte)cells);
            for (var cell = 0; cell < cells; cell++)
            {
                writer.WriteDouble(slot.Flow(cell, place));
            }

            answered++;
        }

        writer.Patch(sizeof(uint), answered);
        Counters.Answered++;
        Context.Reply(FlowUpdatingMessage.Answer, writer.Written);
    }

    private void OnAnswer(in Peer from, uint number, WireReader reader)
    {
        var place = Links.Find(from.Id);
        if (place < 0 || !Links[place].IsOpen || Links[place].Sent != number)
        {
            Counters.Stray++;
            return;
        }

        if (!AreSections(reader, hasEstimates: false))
        {
            Counters.Malformed++;
            return;
        }

        ref var link = ref Links[place];
        link.IsOpen = false;
        Counters.LinksUp += link.IsConfirmed ? 0 : 1;
        (link.Unanswered, link.IsConfirmed) = (0, true);
        if (link.IsProbed)
        {
            link.IsProbed = false;
            return;
        }

        Counters.Completed++;
        foreach (var slot in Table.Slots)
        {
            if (slot.IsAsked(place))
            {
                AdoptOrDrop(slot, place, reader);
            }
        }
    }

    /// <summary>What the answer says of an aggregate; what it does not list is not known to the other side.</summary>
    private void AdoptOrDrop(FlowSlot slot, int place, WireReader reader)
    {
        Span<double> flows = stackalloc double[MomentLayout.MaximumCells];
        var count = reader.ReadByte();
        for (var i = 0; i < count; i++)
        {
            var cells = FlowUpdatingMessage.ReadSection(ref reader, out var id, flows, []);
            if (id != slot.Id)
            {
                continue;
            }

            if (cells == slot.CellCount && slot.AreSound(flows[..cells]))
            {
                slot.Adopt(place, flows[..cells]);
                return;
            }

            Counters.FlowsRefused++;
            break;
        }

        slot.DropFlow(place);
    }

    private static bool AreSections(WireReader reader, bool hasEstimates)
    {
        var count = reader.ReadByte();
        for (var i = 0; i < count && !reader.Failed; i++)
        {
            reader.ReadUInt64();
            reader.ReadBytes(reader.ReadByte() * sizeof(double) * (hasEstimates ? 2 : 1));
        }

        return !reader.Failed;
    }

    /// <summary>
    /// Whether an exchange came before or was overtaken. A number far behind is that of a neighbour which began anew.
    /// </summary>
    private static bool IsStale(in StickyLink link, uint number)
    {
        return link.HasSeen && (int)(number - link.Seen) is <= 0 and > -65_536;
    }

    /// <summary>Of two exchanges that cross, that of the lower id counts on both sides.</summary>
    private bool IsFirst(NodeId other)
    {
        return Context.Self.Id < other;
    }
}
