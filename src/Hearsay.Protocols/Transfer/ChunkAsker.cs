using System.Buffers.Binary;
using System.Numerics;

namespace Hearsay.Protocols.Transfer;

/// <summary>
/// Chooses the link over which a chunk is asked for. First come nodes that say that they hold the whole body, then
/// those that had its manifest earlier, and, if those failed, any other. None is asked twice before every other one
/// was tried.
/// </summary>
/// <typeparam name="TBody">What the protocol knows of a body.</typeparam>
internal sealed class ChunkAsker<TBody>(TransferRoom<TBody> room, ITransferHost<TBody> host)
    where TBody : TransferBody
{
    /// <summary>
    /// Of each link, by slot and in ticks: when it last brought a chunk that was missing, and for how long it may bring
    /// none of those that are there.
    /// </summary>
    private readonly (long ChunkAt, long Patience)[] _times = new (long, long)[32];

    /// <summary>Asks for what is missing, as far as that may be asked for now.</summary>
    public void Ask(TBody body)
    {
        if (body.Missing == 0 || (body.Waits && !room.HasRoomForAll(body)))
        {
            return;
        }

        body.Waits = false;
        Span<(ushort Chunk, byte Slot)> chosen = stackalloc (ushort, byte)[2 * TransferFrame.MaximumAsked];
        var (count, asked, links) = (0, 0u, host.MayAsk(body));
        for (var chunk = 0; chunk < body.Count && count < chosen.Length; chunk++)
        {
            if (body.Has(chunk) || body.IsAsked(chunk))
            {
                continue;
            }

            var slots = body.Providers.ToAsk(links, body.WasLate(chunk));
            if (Choose(body, slots) is >= 0 and var slot)
            {
                body.Ask(chunk, slot, host.Now);
                chosen[count++] = ((ushort)chunk, (byte)slot);
                asked |= 1u << slot;
            }
        }

        for (; asked != 0; asked &= asked - 1)
        {
            SendWant(body, BitOperations.TrailingZeroCount(asked), chosen[..count]);
        }
    }

    /// <summary>What did not come is asked of others; when all have failed, of all of them again.</summary>
    public void AskOthers(TBody body)
    {
        body.UnaskLate(host.Now, TransferTimes.ChunkTimeout, _times);
        body.Providers.BeginRoundIfOver(host.MayAsk(body), host.Now);
        Ask(body);
    }

    /// <summary>A node says that it lacks chunks that it was asked for.</summary>
    public void TakeLacking(TBody body, int slot, ReadOnlySpan<byte> indices)
    {
        for (; !indices.IsEmpty; indices = indices[2..])
        {
            body.OnLacks(BinaryPrimitives.ReadUInt16BigEndian(indices), slot);
        }

        Ask(body);
    }

    /// <summary>A chunk came that was missing.</summary>
    public void NoteChunk(TBody body, int slot)
    {
        body.Heard(slot, host.Now);
        if (slot >= 0)
        {
            _times[slot].ChunkAt = host.Now.Ticks;
        }
    }

    /// <summary>Measures for how long links may bring nothing.</summary>
    public void MeasurePatience()
    {
        for (var rest = host.Up; rest != 0; rest &= rest - 1)
        {
            var slot = BitOperations.TrailingZeroCount(rest);
            _times[slot].Patience = Math.Min(
                TransferTimes.ChunkTimeout.Ticks,
                TransferTimes.LeastChunkTime.Ticks + (4 * host.RoundTrip(slot).Ticks));
        }
    }

    /// <summary>The link in a slot is gone.</summary>
    public void ForgetLink(int slot) => _times[slot] = default;

    /// <summary>
    /// Of those who may be asked: a holder first, then who is not slow, then the nearest. Several holders share.
    /// </summary>
    private int Choose(TBody body, uint slots)
    {
        var (best, bestKey) = (-1, default((bool, int, int, TimeSpan, int)));
        for (; slots != 0; slots &= slots - 1)
        {
            var slot = BitOperations.TrailingZeroCount(slots);
            if (body.Outstanding(slot) >= TransferBody.Window)
            {
                continue;
            }

            var isHolder = body.Providers.IsHolder(slot);
            var key = (!isHolder, body.Providers.Timeouts(slot), isHolder ? body.Outstanding(slot) : 0,
                host.RoundTrip(slot), ChunkProviders.Turn(slot, (ulong)body.Id));
            if (best < 0 || key.CompareTo(bestKey) < 0)
            {
                (best, bestKey) = (slot, key);
            }
        }

        return best;
    }

    private void SendWant(TBody body, int slot, ReadOnlySpan<(ushort Chunk, byte Slot)> chosen)
    {
        Span<byte> want = stackalloc byte[TransferFrame.IdBytes + (2 * TransferBody.Window)];
        TransferFrame.WriteId(want, body.Id);
        var length = TransferFrame.IdBytes;
        var how = body.Providers.MayWaitFor(slot) ? 0 : TransferFrame.OnlyNow;
        foreach (var (chunk, of) in chosen)
        {
            if (of == slot)
            {
                BinaryPrimitives.WriteUInt16BigEndian(want[length..], (ushort)(chunk | how));
                length += 2;
            }
        }

        host.Send(slot, TransferAnswer.Want, want[..length]);
    }
}
