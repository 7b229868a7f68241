namespace Hearsay.Protocols.Broadcast.Store;

/// <summary>What is known of the messages that are missing of one source.</summary>
internal struct SourceGaps
{
    private const int LeastAsked = 16;
    private const int MostAsked = 128;
    private const int MostDoublings = 5;

    /// <summary>The lowest sequence that counts: what was published before it was heard here is not missing.</summary>
    public ulong From;

    /// <summary>Gaps up to here have been there for a while: what is still on its way is not asked for.</summary>
    public ulong AgedTo;

    /// <summary>The highest sequence at <see cref="AgedAt"/>; the next <see cref="AgedTo"/>.</summary>
    public ulong AgingTo;

    /// <summary>When <see cref="AgingTo"/> was noted.</summary>
    public Instant AgedAt;

    /// <summary>How many of the messages that were asked for last have not come.</summary>
    public int Awaited;

    /// <summary>The first of them.</summary>
    public ulong FirstAsked;

    /// <summary>What is missing is not asked for before.</summary>
    public Instant AskAt;

    /// <summary>How often in a row that one was asked for.</summary>
    public int InVain;

    /// <summary>Gaps up to here were asked for in vain, and are left to the comparison with neighbours.</summary>
    public ulong LeftTo;

    /// <summary>Below this nothing is held any more, as of the last look and of the one before.</summary>
    public ulong HeldFrom;

    /// <summary>The same one look earlier.</summary>
    public ulong HeldFromBefore;

    /// <summary>What was published after all that came, and is held nowhere.</summary>
    public SilentLoss Silent;

    /// <summary>Numbers that had been given up at the last look.</summary>
    public ulong GivenUp;

    /// <summary>How much of that there may be at once.</summary>
    private int _most;

    /// <summary>How often in a row something was asked for and did not all come.</summary>
    private int _incomplete;

    /// <summary>How many messages to ask for at most: fewer where not all came.</summary>
    public readonly int Most => Math.Clamp(_most, LeastAsked, MostAsked);

    /// <summary>Messages were asked for.</summary>
    public void OnAsked(int messages, Instant now, TimeSpan wait)
    {
        // Where everything is late, what was asked for is too.
        (Awaited, AskAt) = (messages, now + (wait * (1 << _incomplete)));
        (_most, _incomplete) = (Most / 2, Math.Min(_incomplete + 1, MostDoublings));
    }

    /// <summary>All of them have come.</summary>
    public void OnAllCame(Instant now) => (AskAt, _most, _incomplete) = (now, 4 * Most, 0);
}
