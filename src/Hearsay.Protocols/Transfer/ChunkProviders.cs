using System.Numerics;

namespace Hearsay.Protocols.Transfer;

/// <summary>
/// Whom the chunks of one large body may be asked of, by slot of the neighbour: who is known to hold it, who had its
/// manifest earlier, and who failed.
/// </summary>
/// <remarks>
/// A failure is remembered until everybody was tried: that is a round. So a neighbour that lacks the body, or does
/// not answer, never keeps this node from asking one that has it.
/// </remarks>
internal sealed class ChunkProviders(uint earlier)
{
    /// <summary>The least time between two rounds; it doubles while they bring nothing.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    private readonly byte[] _timeouts = new byte[32];
    private uint _claimed;
    private TimeSpan _pause = LeastPause;
    private Instant _roundAt = Instant.Zero;

    /// <summary>Who said that all of it is there.</summary>
    public uint Holders { get; private set; }

    /// <summary>
    /// Who had the manifest before this node. Whoever waits for a chunk waits for somebody who had the manifest
    /// earlier, so no two wait for each other.
    /// </summary>
    public uint Earlier { get; private set; } = earlier;

    /// <summary>
    /// Where equals stand in line: in another place for each body, so that not always the same one is asked first.
    /// </summary>
    /// <param name="slot">The neighbour.</param>
    /// <param name="id">The low bits of the name of the body.</param>
    public static int Turn(int slot, ulong id) => (int)(((uint)slot + (uint)id) % 32);

    /// <summary>How many neighbours never said that they have all of it: they may still ask for it.</summary>
    public int LackingOf(uint up) => BitOperations.PopCount(up & ~_claimed);

    /// <summary>Who was asked in this round and did not send.</summary>
    public uint Failed { get; private set; }

    /// <summary>Whom a chunk may be asked of now.</summary>
    /// <param name="up">The neighbours there are.</param>
    /// <param name="isRetry">
    /// Whether somebody was asked for it in vain: then those come first who may have it although they had the manifest
    /// later.
    /// </param>
    public uint ToAsk(uint up, bool isRetry)
    {
        var able = up & ~Failed;
        var first = able & (isRetry ? Holders : Holders | Earlier);
        var second = able & ~Earlier;
        return first != 0 ? first : isRetry && second != 0 ? second : able;
    }

    /// <summary>
    /// Whether a neighbour that lacks a chunk shall send it when it comes. The others say at once that they lack it.
    /// </summary>
    public bool MayWaitFor(int slot) => (Earlier & ~Holders & (1u << slot)) != 0;

    public bool IsHolder(int slot) => (Holders & (1u << slot)) != 0;

    /// <summary>How often a neighbour was too slow since it last sent something.</summary>
    public int Timeouts(int slot) => _timeouts[slot];

    /// <summary>A neighbour says that it has all of it.</summary>
    /// <returns>Whether it may be asked because of that.</returns>
    public bool NoteHolds(int slot)
    {
        var bit = 1u << slot;
        var isNew = (_claimed & bit) == 0;
        Holders |= bit;
        _claimed |= bit;
        // Once: who says so again and again and sends nothing must not keep others out.
        Failed &= isNew ? ~bit : uint.MaxValue;
        return isNew;
    }

    /// <summary>A neighbour says that it has no more to send now.</summary>
    public void NoteLacks(int slot)
    {
        Holders &= ~(1u << slot);
        Failed |= 1u << slot;
    }

    /// <summary>Neighbours were asked and sent nothing in time.</summary>
    public void NoteLate(uint slots)
    {
        Failed |= slots;
        for (; slots != 0; slots &= slots - 1)
        {
            ref var timeouts = ref _timeouts[BitOperations.TrailingZeroCount(slots)];
            timeouts = (byte)Math.Min(timeouts + 1, byte.MaxValue);
        }
    }

    /// <summary>A neighbour sent a chunk that was missing.</summary>
    public void NoteSent(int slot)
    {
        _timeouts[slot] = 0;
        (_pause, _roundAt) = (LeastPause, Instant.Zero);
    }

    /// <summary>Begins a new round if all have failed, and not too soon.</summary>
    public void BeginRoundIfOver(uint up, Instant now)
    {
        if (Failed == 0 || (up & ~Failed) != 0 || now < _roundAt)
        {
            return;
        }

        Failed = 0;
        _roundAt = now + _pause;
        _pause = TimeSpan.FromTicks(Math.Min(2 * _pause.Ticks, LongestPause.Ticks));
    }

    /// <summary>The neighbour in a slot is gone; another may come there.</summary>
    public void Forget(int slot)
    {
        var others = ~(1u << slot);
        Holders &= others;
        Earlier &= others;
        Failed &= others;
        _claimed &= others;
        _timeouts[slot] = 0;
    }
}
