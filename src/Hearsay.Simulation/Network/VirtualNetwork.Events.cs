using System.Buffers.Binary;
using Hearsay.Protocols;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation.Network;

namespace Hearsay.Simulation;

/// <summary>The loop: one event after the other.</summary>
public sealed partial class VirtualNetwork
{
    private readonly EventQueue _events = new();
    private readonly PacketPool _packets = new();
    private long _number;

    /// <summary>When the next event comes; never if none is waiting. It may turn out to be nobody's.</summary>
    internal Instant NextEvent => _events.Count > 0 ? new Instant(_events.First.At) : Instant.Never;

    /// <summary>Lets virtual time pass.</summary>
    public void Run(TimeSpan span) => RunUntil(Now + span);

    /// <summary>Handles every event up to a moment.</summary>
    public void RunUntil(Instant end)
    {
        while (_events.Count > 0 && _events.First.At <= end.Ticks)
        {
            var happening = _events.Take();
            Now = new Instant(happening.At);
            if (_events.Count > 0)
            {
                // Beyond some hundred nodes an event is mostly waiting for cold memory. Packets that this event sends
                // seldom come before the event that is next now.
                _nodes[_events.First.Node].Core.Prefetch();
            }

            Handle(happening);
            if (happening.Packet >= 0)
            {
                _packets.Free(happening.Packet);
            }
        }

        Now = end;
    }

    internal void Resolve(VirtualNode node) => Enqueue(Now, node, VirtualEvent.Contacts);

    private void Handle(in VirtualEvent happening)
    {
        var node = _nodes[happening.Node];
        if (!node.IsUp || happening.Life != node.Life)
        {
            return;
        }

        if (Now < node.PausedUntil)
        {
            Postpone(node, happening);
            return;
        }

        if (happening.Packet == VirtualEvent.Due && node.Armed > Now)
        {
            // It was armed for an earlier moment since, and again after that: to handle both would arm it twice for
            // ever.
            return;
        }

        EventsHandled++;
        Trace(happening);
        if (happening.Packet >= 0)
        {
            var packet = _packets[happening.Packet];
            Deliver(node, packet.Link, packet.Bytes);
        }
        else if (happening.Packet == VirtualEvent.Contacts)
        {
            Witness?.Due(node);
            node.Core.SeedsResolved(node.LocalNow, node.Seeds);
            Witness?.Handled(node);
        }
        else
        {
            node.Armed = Instant.Never;
            Witness?.Due(node);
            node.Core.OnDue(node.LocalNow);
            Witness?.Handled(node);
        }

        Arm(node);
        AfterEvent?.Invoke(node);
    }

    private void Deliver(VirtualNode node, in Link from, ReadOnlySpan<byte> packet)
    {
        Witness?.Receiving(node, from, packet);
        node.Core.Receive(node.LocalNow, from, packet);
        Witness?.Handled(node);
    }

    /// <summary>What comes to a paused process waits in its socket, in order.</summary>
    private void Postpone(VirtualNode node, in VirtualEvent happening)
    {
        var packet = happening.Packet;
        if (packet >= 0)
        {
            var waiting = _packets[packet];
            packet = _packets.Take(waiting.Link, waiting.Bytes);
        }
        else if (packet == VirtualEvent.Due)
        {
            node.Armed = node.PausedUntil;
        }

        Enqueue(node.PausedUntil, node, packet);
    }

    /// <summary>A due event that comes too early finds nothing due and arms again.</summary>
    private void Arm(VirtualNode node)
    {
        var next = node.Core.NextDue;
        if (next == Instant.Never)
        {
            return;
        }

        var due = node.Clock.Global(next);
        if (due < node.Armed)
        {
            node.Armed = due;
            Enqueue(Instant.Max(due, Now) + node.Slowness, node, VirtualEvent.Due);
        }
    }

    private void Enqueue(Instant at, VirtualNode node, int packet) =>
        _events.Add(new VirtualEvent(at.Ticks, _number++, node.Index, node.Life, packet));

    /// <summary>
    /// An envelope's checksum stands for all bytes of a packet; what the network changed in it is traced where it is
    /// changed.
    /// </summary>
    private void Trace(in VirtualEvent happening)
    {
        Mix((ulong)happening.At ^ ((ulong)happening.Node << 48));
        if (happening.Packet >= 0)
        {
            var bytes = _packets[happening.Packet].Bytes;
            Mix((ulong)bytes.Length);
            Mix(bytes.Length >= Envelope.SizeBytes ? BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]) : 0);
        }
        else
        {
            Mix((ulong)-happening.Packet);
        }
    }

    private void Mix(ulong value) => TraceHash = SeededRandom.Mix(TraceHash ^ value) + value;
}
