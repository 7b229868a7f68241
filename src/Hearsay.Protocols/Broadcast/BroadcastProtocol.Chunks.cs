using System.Buffers.Binary;
using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Large;

namespace Hearsay.Protocols.Broadcast;

/// <content>
/// The choice of the neighbour that is asked for a chunk of a large message. First come neighbours that say that they
/// hold the whole message, then those that had its manifest earlier, and, if those failed, any other. No neighbour is
/// asked twice before every other one was tried.
/// </content>
internal sealed partial class BroadcastProtocol
{
    /// <summary>How soon a link is tried again that did not take a chunk; it doubles while it takes none.</summary>
    private static readonly TimeSpan LeastOwedPause = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan LongestOwedPause = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a chunk that is there may take, beside some round trips.</summary>
    private static readonly TimeSpan LeastChunkTime = TimeSpan.FromMilliseconds(400);

    /// <summary>
    /// Of each neighbour, by slot and in ticks: when it last sent a chunk that was missing, and for how long it may
    /// send none of those that it has.
    /// </summary>
    private readonly (long ChunkAt, long Patience)[] _chunkTimes = new (long, long)[32];

    /// <summary>The links that do not take chunks now, by slot: what goes to them waits in order.</summary>
    private uint _blocked;

    private Instant _owedAt = Instant.Never;
    private TimeSpan _owedPause = LeastOwedPause;

    private void AskForChunks(TransferBody large)
    {
        if (large.Missing == 0 || (large.Waits && !HasRoomForAll(large)))
        {
            return;
        }

        large.Waits = false;
        Span<(ushort Chunk, byte Slot)> chosen = stackalloc (ushort, byte)[2 * MaximumAsked];
        var (count, asked) = (0, 0u);
        for (var chunk = 0; chunk < large.Count && count < chosen.Length; chunk++)
        {
            if (large.Has(chunk) || large.IsAsked(chunk))
            {
                continue;
            }

            var slots = large.Providers.ToAsk(_neighbours.Up, large.WasLate(chunk));
            if (Choose(large, slots) is >= 0 and var slot)
            {
                large.Ask(chunk, slot, Now);
                chosen[count++] = ((ushort)chunk, (byte)slot);
                asked |= 1u << slot;
            }
        }

        for (; asked != 0; asked &= asked - 1)
        {
            SendWantChunks(large, BitOperations.TrailingZeroCount(asked), chosen[..count]);
        }
    }

    /// <summary>
    /// Of those who may be asked: a holder first, then who is not slow, then the nearest. Several holders share.
    /// </summary>
    private int Choose(TransferBody large, uint slots)
    {
        var (best, bestKey) = (-1, default((bool, int, int, TimeSpan, int)));
        for (; slots != 0; slots &= slots - 1)
        {
            var slot = BitOperations.TrailingZeroCount(slots);
            if (large.Outstanding(slot) >= TransferBody.Window)
            {
                continue;
            }

            var isHolder = large.Providers.IsHolder(slot);
            var key = (!isHolder, large.Providers.Timeouts(slot), isHolder ? large.Outstanding(slot) : 0,
                RoundTrip(slot), Turn(slot, large.Id));
            if (best < 0 || key.CompareTo(bestKey) < 0)
            {
                (best, bestKey) = (slot, key);
            }
        }

        return best;
    }

    /// <summary>
    /// Where equals stand in line: in another place for each message, so that not always the same one is asked first.
    /// </summary>
    private static int Turn(int slot, in BroadcastId id) => (int)(((uint)slot + (uint)id.Low) % 32);

    private void SendWantChunks(TransferBody large, int slot, ReadOnlySpan<(ushort Chunk, byte Slot)> chosen)
    {
        Span<byte> body = stackalloc byte[BroadcastId.SizeBytes + (2 * TransferBody.Window)];
        large.Id.Write(body);
        var length = BroadcastId.SizeBytes;
        var how = large.Providers.MayWaitFor(slot) ? 0 : BroadcastFrame.OnlyNow;
        foreach (var (chunk, of) in chosen)
        {
            if (of == slot)
            {
                BinaryPrimitives.WriteUInt16BigEndian(body[length..], (ushort)(chunk | how));
                length += 2;
            }
        }

        SendControl(slot, BroadcastFrame.WantChunks, body[..length]);
    }

    private bool TakeNoChunks(int slot, ReadOnlySpan<byte> body)
    {
        if (body.Length < BroadcastId.SizeBytes || body.Length % 2 != 0 || slot < 0)
        {
            return false;
        }

        if (!_large.TryGetValue(BroadcastId.Read(body), out var large))
        {
            return true;
        }

        for (var list = body[BroadcastId.SizeBytes..]; !list.IsEmpty; list = list[2..])
        {
            large.OnLacks(BinaryPrimitives.ReadUInt16BigEndian(list), slot);
        }

        AskForChunks(large);
        return true;
    }

    /// <summary>A neighbour sent a chunk that was missing.</summary>
    private void NoteChunk(TransferBody large, int slot)
    {
        large.Heard(slot, Now);
        if (slot >= 0)
        {
            _chunkTimes[slot].ChunkAt = Now.Ticks;
        }
    }

    private bool IsWholeHere(in BroadcastId id) =>
        _large.Count > 0 && _large.TryGetValue(id, out var large) && large.IsWhole;

    /// <summary>All of a message is here: neighbours may ask for it, and need not send it.</summary>
    private void TellWhole(TransferBody large) =>
        Announce(large.Id, AnnouncementOf(large), _neighbours.Up & ~large.Providers.Holders, pullAtOnce: false);

    private void AnnounceAlone(TransferBody large, int slot)
    {
        Span<byte> body = stackalloc byte[BroadcastFrame.HaveBytes];
        large.Id.Write(body);
        body[BroadcastId.SizeBytes] = AnnouncementOf(large);
        BinaryPrimitives.WriteUInt16BigEndian(body[(BroadcastId.SizeBytes + 1)..], SequenceOf(large.Id));
        Counters.AnnouncementsSent++;
        SendControl(slot, BroadcastFrame.Have, body);
    }

    private static byte AnnouncementOf(TransferBody large)
    {
        MessageFrame.TryRead(large.Frame, out var frame);
        var hops = Math.Min(frame.Hops + 1, BroadcastFrame.MaximumHops);
        return (byte)(hops | (large.IsWhole ? BroadcastFrame.Whole : 0));
    }

    /// <summary>A link does not take a chunk now.</summary>
    private void Owe(int slot, TransferBody large, int chunk)
    {
        large.Owe(chunk, slot);
        _blocked |= 1u << slot;
        Counters.ChunksDelayed++;
        if (_owedAt == Instant.Never)
        {
            _owedAt = Now + _owedPause;
        }
    }

    /// <summary>Sends what links did not take before, of the oldest messages first.</summary>
    private void SendWhatIsOwed()
    {
        if (Now < _owedAt)
        {
            return;
        }

        var (full, before) = (0u, Counters.ChunksSent);
        foreach (var large in _largeByAge)
        {
            for (var rest = large.Owed & _neighbours.Up & ~full; rest != 0; rest &= rest - 1)
            {
                var slot = BitOperations.TrailingZeroCount(rest);
                full |= TrySendOwed(large, slot) ? 0 : 1u << slot;
            }
        }

        _blocked = full;
        var next = Counters.ChunksSent > before ? LeastOwedPause : 2 * _owedPause;
        _owedPause = full == 0 || next < LeastOwedPause ? LeastOwedPause
            : next > LongestOwedPause ? LongestOwedPause : next;
        _owedAt = full == 0 ? Instant.Never : Now + _owedPause;
    }

    /// <returns>False if the link takes no more.</returns>
    private bool TrySendOwed(TransferBody large, int slot)
    {
        for (var chunk = 0; chunk < large.Count; chunk++)
        {
            if (large.Owes(chunk, slot))
            {
                if (!TrySendChunk(slot, large, chunk))
                {
                    return false;
                }

                large.Paid(chunk, slot);
            }
        }

        large.PaidAll(slot);
        return true;
    }
}
