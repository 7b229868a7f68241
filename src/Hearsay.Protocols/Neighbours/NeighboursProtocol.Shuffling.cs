using Hearsay.Protocols.Neighbours;

namespace Hearsay.Protocols.Neighbours;

/// <content>How spare peers are mixed: by walks that swap some of them, and by the sampling service.</content>
internal sealed partial class NeighboursProtocol
{
    private readonly NodeId[] _sent = new NodeId[NeighbourMessage.MaximumPeers];
    private readonly Peer[] _received = new Peer[NeighbourMessage.MaximumPeers];
    private Instant _shuffleAt = Instant.Never;
    private ulong _shuffleNonce;
    private int _sentCount;

    private void Shuffle()
    {
        ref var random = ref _context.Random;
        _shuffleAt = Now + (random.Between(0.9 * _options.ShufflePeriod, 1.1 * _options.ShufflePeriod));
        AddSampled();
        var slot = _active.Draw(ref random, NodeId.None, NodeId.None);
        if (slot < 0)
        {
            return;
        }

        Counters.Shuffles++;
        _shuffleNonce = NextNonce();
        _sentCount = 0;
        var writer = new WireWriter(_body);
        WriteShuffleHead(ref writer, slot, _options.ShuffleWalk, _shuffleNonce, _context.Self);
        var count = writer.Position;
        writer.WriteByte(0);
        var first = random.Below(Capacity);
        for (var i = 0; i < Capacity && _sentCount < _options.ShuffleActive; i++)
        {
            var other = (first + i) % Capacity;
            if (_active.IsUp(other) && other != slot)
            {
                _sent[_sentCount++] = _active[other].Peer.Id;
                NeighbourMessage.Write(ref writer, _active[other].Peer);
            }
        }

        WriteSpare(ref writer, _options.ShufflePassive);
        writer.Patch(count, (byte)_sentCount);
        _context.Send(_active[slot].Peer, NeighbourMessage.Shuffle, writer.Written);
        Sent(slot);
    }

    private void OnShuffle(in Peer from, ref WireReader reader)
    {
        var room = reader.Rest.Length;
        var number = reader.ReadUInt64();
        var hops = Math.Min((int)reader.ReadByte(), _options.ShuffleWalk);
        var nonce = reader.ReadUInt64();
        var sound = NeighbourMessage.TryRead(ref reader, out var origin);
        var rest = reader.Rest;
        sound &= TryReadPeers(ref reader, out var count);
        if (!TryFindLink(from, number, !sound, out var sender))
        {
            return;
        }

        Heard(sender);
        if (!IsFirstWalk())
        {
            return;
        }

        var next = hops > 1 ? _active.Draw(ref _context.Random, from.Id, origin.Id) : -1;
        if (origin.Id == _context.Self.Id)
        {
            return;
        }

        if (next >= 0)
        {
            var writer = new WireWriter(_body);
            WriteShuffleHead(ref writer, next, hops - 1, nonce, origin);
            writer.WriteBytes(rest[..^reader.Rest.Length]);
            _context.Send(_active[next].Peer, NeighbourMessage.Shuffle, writer.Written);
            Sent(next);
            return;
        }

        var answer = new WireWriter(_body.AsSpan(0, Math.Min(room, _body.Length)));
        AnswerShuffle(ref answer, nonce, origin, count);
    }

    /// <summary>
    /// The walk ends here: as many peers go back as came, in no more bytes, and what came is merged.
    /// </summary>
    private void AnswerShuffle(ref WireWriter writer, ulong nonce, in Peer origin, int count)
    {
        Span<NodeId> outstanding = stackalloc NodeId[NeighbourMessage.MaximumPeers];
        var outstandingCount = _sentCount;
        _sent.CopyTo(outstanding);
        _sentCount = 0;
        writer.WriteUInt64(nonce);
        var position = writer.Position;
        writer.WriteByte(0);
        WriteSpare(ref writer, Math.Min(count + 1, NeighbourMessage.MaximumPeers));
        writer.Patch(position, (byte)_sentCount);
        _context.ReplyTo(origin, NeighbourMessage.ShuffleReply, writer.Written);
        Merge(count);
        AddSpare(origin, _sent.AsSpan(0, _sentCount));
        // What this node's own shuffle sent is still to be answered.
        outstanding.CopyTo(_sent);
        _sentCount = outstandingCount;
    }

    private void OnShuffleReply(ref WireReader reader)
    {
        var nonce = reader.ReadUInt64();
        if (!TryReadPeers(ref reader, out var count))
        {
            Counters.Malformed++;
        }
        else if (nonce != _shuffleNonce || nonce == 0)
        {
            Counters.Unexpected++;
        }
        else
        {
            _shuffleNonce = 0;
            Merge(count);
            _sentCount = 0;
            Refill();
        }
    }

    /// <summary>Takes in what was received; what was sent gives way first.</summary>
    private void Merge(int count)
    {
        for (var i = 0; i < count; i++)
        {
            AddSpare(_received[i], _sent.AsSpan(0, _sentCount));
        }
    }

    /// <summary>
    /// The sampling service sees the whole network and forgets the dead, while shuffles stay near: both feed the
    /// passive view.
    /// </summary>
    private void AddSampled()
    {
        for (var i = 0; i < _options.SampledPerShuffle && _context.Peers.TryGetPeer(out var peer); i++)
        {
            AddSpare(peer);
        }
    }

    private void AddSpare(in Peer peer, ReadOnlySpan<NodeId> sent = default)
    {
        if (peer.Id != _context.Self.Id && _active.Find(peer.Id) < 0)
        {
            _passive.Add(peer, ref _context.Random, sent);
        }
    }

    private void WriteShuffleHead(ref WireWriter writer, int slot, int hops, ulong nonce, in Peer origin)
    {
        writer.WriteUInt64(_active[slot].Number);
        writer.WriteByte((byte)hops);
        writer.WriteUInt64(nonce);
        NeighbourMessage.Write(ref writer, origin);
    }

    /// <summary>Writes random spare peers, as far as there is room, and notes that they were sent.</summary>
    private void WriteSpare(ref WireWriter writer, int count)
    {
        count = _passive.MoveRandomToFront(ref _context.Random, count);
        for (var i = 0; i < count; i++)
        {
            var mark = writer.Position;
            NeighbourMessage.Write(ref writer, _passive[i]);
            if (writer.Failed)
            {
                writer.Rewind(mark);
                return;
            }

            _sent[_sentCount++] = _passive[i].Id;
        }
    }

    private bool TryReadPeers(ref WireReader reader, out int count)
    {
        count = reader.ReadByte();
        var sound = count <= NeighbourMessage.MaximumPeers;
        for (var i = 0; i < count && sound; i++)
        {
            sound = NeighbourMessage.TryRead(ref reader, out _received[i]);
        }

        return sound && !reader.Failed;
    }
}
