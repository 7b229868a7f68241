using System.Buffers.Binary;
using System.Numerics;
using Hearsay.Protocols;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Tree;
using Hearsay.Protocols.Neighbours;

namespace Hearsay.Simulation.Broadcast.Plumtree;

/// <summary>
/// Plumtree as it was published: one tree for the messages of all publishers, the baseline that
/// <see cref="BroadcastProtocol"/> with its tree for each source is compared with.
/// </summary>
/// <remarks>
/// Every link is eager at first. Who gets a message twice prunes the link of the second copy; who is announced a
/// message and does not get it in time asks for it and grafts that link. Links are symmetric: payloads go both ways
/// over an eager link. Frames are those of broadcast, so that bytes compare. It has no repair, no flow control and no
/// large messages. Belongs to the node's event loop. Source: Leitão, Pereira, Rodrigues, Epidemic broadcast trees,
/// SRDS 2007, without its optimization by hops.
/// </remarks>
internal sealed partial class PlumtreeProtocol : IProtocol, INeighbourObserver
{
    private readonly PlumtreeOptions _options;
    private readonly INeighbours _neighbours;
    private readonly IBroadcastSink _sink;
    private readonly Dictionary<BroadcastId, PlumtreeMessage> _messages = [];
    private readonly Queue<PlumtreeMessage> _byAge = new();
    private readonly Dictionary<BroadcastId, PlumtreeMissing> _missing = [];
    private readonly PriorityQueue<PlumtreeMissing, long> _due = new();
    private readonly NameBatch[] _announcements;
    private readonly NameBatch[] _wants;
    private IProtocolContext? _context;

    /// <summary>The neighbours that get every message with its payload, by slot.</summary>
    private uint _eager;

    private ulong _sequence;
    private Instant _flushAt = Instant.Never;
    private Instant _armed = Instant.Never;

    /// <summary>A node's part of the tree.</summary>
    /// <param name="options">Its knobs.</param>
    /// <param name="neighbours">Its links.</param>
    /// <param name="sink">Takes the messages.</param>
    public PlumtreeProtocol(PlumtreeOptions options, INeighbours neighbours, IBroadcastSink sink)
    {
        (_options, _neighbours, _sink, _eager) = (options, neighbours, sink, neighbours.Up);
        _announcements = Batches(BroadcastFrame.HaveBytes);
        _wants = Batches(BroadcastId.SizeBytes);
        neighbours.Watch(this);

        NameBatch[] Batches(int entryBytes) =>
            [.. Enumerable.Range(0, neighbours.Capacity).Select(_ => new NameBatch(entryBytes))];
    }

    /// <inheritdoc/>
    public byte Id => BroadcastFrame.Protocol;

    /// <summary>What it counted.</summary>
    public BroadcastCounters Counters { get; } = new();

    private Instant Now => _context!.Now;

    /// <inheritdoc/>
    public void Start(IProtocolContext context) => _context = context;

    /// <inheritdoc/>
    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        if (body.Length < BroadcastFrame.LinkBytes
            || !_neighbours.TryFind(from, BinaryPrimitives.ReadUInt64BigEndian(body), out var slot) || slot < 0)
        {
            Counters.Strangers++;
            return;
        }

        body = body[BroadcastFrame.LinkBytes..];
        switch (type)
        {
            case BroadcastFrame.Message:
                TakeMessage(slot, body);
                break;
            case BroadcastFrame.Graft:
                _eager |= 1u << slot;
                break;
            case BroadcastFrame.Prune:
                _eager &= ~(1u << slot);
                break;
            default:
                TakeNames(slot, type, body);
                break;
        }

        FinishInput();
    }

    /// <inheritdoc/>
    public void OnDue(IProtocolContext context, long token)
    {
        _armed = Instant.Never;
        if (Now >= _flushAt)
        {
            _flushAt = Instant.Never;
            SendAll(BroadcastFrame.Have, _announcements);
        }

        while (NextDue() <= Now)
        {
            Pull(_due.Dequeue());
        }

        FinishInput();
    }

    /// <inheritdoc/>
    public void OnCommand(IProtocolContext context, object command)
    {
        if (command is PublishCommand publish)
        {
            var self = context.Self;
            var body = new byte[MessageFrame.HeaderBytes + publish.Topic.Length + publish.Payload.Length];
            MessageFrame.Write(
                body, new SourceKey(self.Id, self.Incarnation), ++_sequence, MessageFrame.Plain, publish.Topic.Span,
                publish.Payload.Span);
            MessageFrame.TryRead(body, out var frame);
            var id = BroadcastId.Of(frame.Source, frame.Unchanging);
            Counters.Published++;
            Accept(id, frame, -1, 0);
            publish.Done?.Invoke(PublishOutcome.Published, id);
            FinishInput();
        }
    }

    /// <inheritdoc/>
    void INeighbourObserver.OnNeighbourUp(int slot)
    {
        Forget(slot);
        _eager |= 1u << slot;
    }

    /// <inheritdoc/>
    void INeighbourObserver.OnNeighbourDown(int slot, in Peer was) => Forget(slot);

    private void Forget(int slot)
    {
        _eager &= ~(1u << slot);
        _announcements[slot].Clear();
        _wants[slot].Clear();
        foreach (var missing in _missing.Values)
        {
            missing.Announcers &= ~(1u << slot);
            missing.Wanters &= ~(1u << slot);
        }
    }

    private void TakeMessage(int slot, ReadOnlySpan<byte> body)
    {
        if (!MessageFrame.TryRead(body, out var frame))
        {
            Counters.Malformed++;
            return;
        }

        var id = BroadcastId.Of(frame.Source, frame.Unchanging);
        if (!_messages.ContainsKey(id))
        {
            Accept(id, frame, slot, frame.Age + (_neighbours.RoundTrip(slot).Ticks / 2));
            return;
        }

        Counters.Duplicates++;
        if ((frame.Flags & MessageFrame.Pulled) == 0)
        {
            _eager &= ~(1u << slot);
            SendTree(slot, BroadcastFrame.Prune);
        }
    }

    /// <summary>A message that is new here: passed on over the eager links, announced over the others, delivered.
    /// </summary>
    private void Accept(in BroadcastId id, scoped in MessageFrame frame, int slot, long age)
    {
        Expire();
        var bytes = new byte[BroadcastFrame.LinkBytes + frame.Body.Length];
        frame.Body.CopyTo(bytes.AsSpan(BroadcastFrame.LinkBytes));
        var message = new PlumtreeMessage(id, bytes, Now, age)
        {
            Hops = frame.Hops, Sequence = (ushort)frame.Sequence,
        };
        _messages.Add(id, message);
        _byAge.Enqueue(message);
        _missing.Remove(id, out var missing);
        _eager |= slot >= 0 ? 1u << slot : 0;
        var others = _neighbours.Up & ~(missing?.Announcers ?? 0) & (slot >= 0 ? ~(1u << slot) : uint.MaxValue);
        var wanters = missing?.Wanters ?? 0;
        var push = (_eager | wanters) & others;
        for (var rest = push; rest != 0; rest &= rest - 1)
        {
            var to = BitOperations.TrailingZeroCount(rest);
            Send(to, message, (wanters & (1u << to)) != 0 ? MessageFrame.Pulled : (byte)0);
        }

        Announce(message, others & ~push);
        Counters.Delivered++;
        _sink.Deliver(new BroadcastMessage
        {
            Id = id, Origin = frame.Source.Origin, Incarnation = frame.Source.Incarnation, Sequence = frame.Sequence,
            Topic = frame.Topic, Hops = frame.Hops, Age = TimeSpan.FromTicks(age), Payload = frame.Payload,
        });
    }

    private void Expire()
    {
        while (_byAge.TryPeek(out var oldest) && Now - oldest.Received > 2 * _options.Retention)
        {
            _messages.Remove(_byAge.Dequeue().Id);
        }
    }

    private void Announce(PlumtreeMessage message, uint slots)
    {
        for (; slots != 0; slots &= slots - 1)
        {
            var slot = BitOperations.TrailingZeroCount(slots);
            var names = _announcements[slot];
            names.Add(message.Id, (byte)Math.Min(message.Hops + 1, BroadcastFrame.MaximumHops), message.Sequence);
            Counters.AnnouncementsSent++;
            if (names.IsFull)
            {
                Flush(slot, BroadcastFrame.Have, names);
            }
            else
            {
                _flushAt = Instant.Min(_flushAt, Now + _options.AnnounceDelay);
            }
        }
    }

    private void Send(int slot, PlumtreeMessage message, byte flags)
    {
        BinaryPrimitives.WriteUInt64BigEndian(message.Body, _neighbours.LinkNumber(slot));
        MessageFrame.Stamp(
            message.Body.AsSpan(BroadcastFrame.LinkBytes), flags, message.Hops + 1, message.AgeAt(Now));
        Counters.PayloadsSent++;
        Counters.PayloadBytesSent += message.Body.Length;
        _context!.Send(_neighbours[slot], BroadcastFrame.Message, message.Body);
    }

    private void SendTree(int slot, byte type)
    {
        Counters.GraftsSent += type == BroadcastFrame.Graft ? 1 : 0;
        Counters.PrunesSent += type == BroadcastFrame.Prune ? 1 : 0;

        // The place of a source, which one tree for all has none of.
        Span<byte> body = stackalloc byte[SourceKey.SizeBytes];
        body.Clear();
        SendControl(slot, type, body);
    }

    private void SendControl(int slot, byte type, ReadOnlySpan<byte> body)
    {
        if ((_neighbours.Up & (1u << slot)) == 0)
        {
            return;
        }

        Counters.ControlSent++;
        Counters.ControlBytesSent += BroadcastFrame.LinkBytes + body.Length;
        Span<byte> bytes = stackalloc byte[BroadcastFrame.LinkBytes + body.Length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _neighbours.LinkNumber(slot));
        body.CopyTo(bytes[BroadcastFrame.LinkBytes..]);
        _context!.Send(_neighbours[slot], type, bytes);
    }

    private void SendAll(byte type, NameBatch[] batches)
    {
        for (var slot = 0; slot < batches.Length; slot++)
        {
            Flush(slot, type, batches[slot]);
        }
    }

    private void Flush(int slot, byte type, NameBatch names)
    {
        if (!names.IsEmpty)
        {
            SendControl(slot, type, names.Bytes);
        }

        names.Clear();
    }

    /// <summary>After every input: requests go out together, and the next deadline is set.</summary>
    private void FinishInput()
    {
        SendAll(BroadcastFrame.Want, _wants);
        var next = Instant.Min(_flushAt, NextDue());
        if (next != _armed)
        {
            _armed = next;
            _context!.Schedule(next - Now, 0);
        }
    }
}
