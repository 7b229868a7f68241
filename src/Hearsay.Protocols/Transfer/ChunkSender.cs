using System.Buffers.Binary;
using System.Numerics;

namespace Hearsay.Protocols.Transfer;

/// <summary>
/// Sends chunks: those that are asked for, those that follow a manifest unasked (the link is fed), and those that a
/// link did not take before.
/// </summary>
/// <typeparam name="TBody">What the protocol knows of a body.</typeparam>
internal sealed class ChunkSender<TBody>(
    TransferRoom<TBody> room, TransferCounters counters, ITransferHost<TBody> host)
    where TBody : TransferBody
{
    /// <summary>Where a chunk is put together with its head; made when the first one is sent.</summary>
    private byte[] _frame = [];

    /// <summary>The links that do not take chunks now, by slot: what goes to them waits in order.</summary>
    private uint _blocked;

    private TimeSpan _owedPause = TransferTimes.LeastOwedPause;

    /// <summary>When links are tried again that did not take a chunk.</summary>
    public Instant NextDue { get; private set; } = Instant.Never;

    /// <summary>Answers a request for chunks.</summary>
    /// <returns>False if it is malformed.</returns>
    public bool Answer(TBody body, int slot, ReadOnlySpan<byte> request)
    {
        Span<byte> lacking = stackalloc byte[TransferFrame.MaximumListBytes];
        request[..TransferFrame.IdBytes].CopyTo(lacking);
        var (length, last) = (TransferFrame.IdBytes, -1);
        for (var list = request[TransferFrame.IdBytes..]; !list.IsEmpty; list = list[2..])
        {
            int index = BinaryPrimitives.ReadUInt16BigEndian(list);
            var chunk = index & ~TransferFrame.OnlyNow;
            if (chunk >= body.Count || chunk <= last)
            {
                // In ascending order, so that none is named twice.
                return false;
            }

            last = chunk;
            if (body.Has(chunk))
            {
                if (host.MayAnswer(slot, host.HeadBytes + TransferFrame.ChunkHeadBytes + body.Chunk(chunk).Length))
                {
                    Send(slot, body, chunk);
                }
            }
            else if (index == chunk)
            {
                body.Want(chunk, slot);
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(lacking[length..], (ushort)chunk);
                length += 2;
            }
        }

        if (length > TransferFrame.IdBytes && host.MayAnswer(slot, host.HeadBytes + length))
        {
            host.Send(slot, TransferAnswer.Lacking, lacking[..length]);
        }

        return true;
    }

    /// <summary>Begins to feed a link, if that may be sent so much unasked.</summary>
    public bool TryFeed(TBody body, int slot)
    {
        var bit = 1u << slot;
        if ((body.Fed & bit) == 0 && !host.MayFeed(slot, body.FedCount))
        {
            counters.FeedsRefused++;
            return false;
        }

        body.Fed |= bit;
        return true;
    }

    /// <summary>Sends the chunks that are here to those who are fed.</summary>
    public void FeedWhatIsHere(TBody body, uint slots)
    {
        for (var chunk = 0; chunk < body.FedCount; chunk++)
        {
            if (body.Has(chunk))
            {
                SendTo(slots, body, chunk);
            }
        }
    }

    /// <summary>Sends a chunk over several links.</summary>
    public void SendTo(uint slots, TBody body, int chunk)
    {
        for (; slots != 0; slots &= slots - 1)
        {
            Send(BitOperations.TrailingZeroCount(slots), body, chunk);
        }
    }

    /// <summary>Sends what links did not take before, of the oldest bodies first.</summary>
    public void SendWhatIsOwed()
    {
        if (host.Now < NextDue)
        {
            return;
        }

        var (full, before) = (0u, counters.ChunksSent);
        for (var i = 0; i < room.Count; i++)
        {
            var body = room[i];
            for (var rest = body.Owed & host.Up & ~full; rest != 0; rest &= rest - 1)
            {
                var slot = BitOperations.TrailingZeroCount(rest);
                full |= TrySendOwed(body, slot) ? 0 : 1u << slot;
            }
        }

        _blocked = full;
        var next = counters.ChunksSent > before ? TransferTimes.LeastOwedPause : 2 * _owedPause;
        _owedPause = full == 0 || next < TransferTimes.LeastOwedPause ? TransferTimes.LeastOwedPause
            : next > TransferTimes.LongestOwedPause ? TransferTimes.LongestOwedPause : next;
        NextDue = full == 0 ? Instant.Never : host.Now + _owedPause;
    }

    /// <summary>The link in a slot is gone.</summary>
    public void ForgetLink(int slot) => _blocked &= ~(1u << slot);

    /// <summary>Sends a chunk that is here, or remembers that it is owed where the link does not take it now.</summary>
    private void Send(int slot, TBody body, int chunk)
    {
        if ((host.Up & (1u << slot)) == 0)
        {
            return;
        }

        if ((_blocked & (1u << slot)) != 0 || !TrySend(slot, body, chunk))
        {
            Owe(slot, body, chunk);
        }
    }

    private bool TrySend(int slot, TBody body, int chunk)
    {
        var bytes = body.Chunk(chunk);
        var length = host.HeadBytes + TransferFrame.ChunkHeadBytes + bytes.Length;
        if (_frame.Length < length)
        {
            _frame = new byte[length];
        }

        var frame = _frame.AsSpan(0, length);
        var own = frame[host.HeadBytes..];
        TransferFrame.WriteId(own, body.Id);
        BinaryPrimitives.WriteUInt16BigEndian(own[TransferFrame.IdBytes..], (ushort)chunk);
        bytes.CopyTo(own[TransferFrame.ChunkHeadBytes..]);
        if (!host.TrySendChunk(slot, frame))
        {
            return false;
        }

        counters.ChunksSent++;
        counters.ChunkBytesSent += bytes.Length;
        body.NoteSent(host.Now);
        return true;
    }

    /// <summary>A link does not take a chunk now.</summary>
    private void Owe(int slot, TBody body, int chunk)
    {
        body.Owe(chunk, slot);
        _blocked |= 1u << slot;
        counters.ChunksDelayed++;
        if (NextDue == Instant.Never)
        {
            NextDue = host.Now + _owedPause;
        }
    }

    /// <returns>False if the link takes no more.</returns>
    private bool TrySendOwed(TBody body, int slot)
    {
        for (var chunk = 0; chunk < body.Count; chunk++)
        {
            if (body.Owes(chunk, slot))
            {
                if (!TrySend(slot, body, chunk))
                {
                    return false;
                }

                body.Paid(chunk, slot);
            }
        }

        body.PaidAll(slot);
        return true;
    }
}
