namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>
/// The exchanges this node began in the present epoch and that were not answered yet. Bounded: the oldest gives way.
/// One that is not asked again stays on record, so that a late answer is still applied.
/// </summary>
internal sealed class PendingExchanges
{
    /// <summary>More than a node begins in an epoch of the usual length.</summary>
    public const int Capacity = 64;

    private readonly PendingExchange[] _entries = new PendingExchange[Capacity];
    private int _count;

    /// <summary>How many are open.</summary>
    public int Count => _count;

    /// <summary>When the first of them is to be repeated.</summary>
    public Instant NextDue
    {
        get
        {
            var due = Instant.Never;
            foreach (ref readonly var entry in _entries.AsSpan(0, _count))
            {
                due = Instant.Min(due, entry.RepeatAt);
            }

            return due;
        }
    }

    /// <summary>Those that are open.</summary>
    public Span<PendingExchange> Open => _entries.AsSpan(0, _count);

    /// <summary>Puts one on record.</summary>
    /// <returns>False if the oldest had to give way.</returns>
    public bool Add(in PendingExchange exchange)
    {
        var fits = _count < Capacity;
        if (!fits)
        {
            Remove(0);
        }

        _entries[_count++] = exchange;
        return fits;
    }

    /// <summary>
    /// Finds one by its id, which nobody knows but who was sent it: also if the partner's address has become another
    /// node's. That one has exchanged, and would only be asked again.
    /// </summary>
    /// <returns>Its place, or -1.</returns>
    public int Find(ulong id)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_entries[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>
    /// Whether a partner, or another id at its address, has left more than so many requests for one exchange
    /// unanswered.
    /// </summary>
    public bool IsSilent(in Peer partner, int tries)
    {
        foreach (ref readonly var entry in Open)
        {
            if (entry.Tries > tries && (entry.Partner.Id == partner.Id || Meet(entry.Partner, partner)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Meet(in Peer one, in Peer other) =>
        other.Addresses.Contains(one.Addresses.IPv4) || other.Addresses.Contains(one.Addresses.IPv6);

    /// <summary>Takes one off; the others keep their order.</summary>
    public void Remove(int place)
    {
        _entries.AsSpan((place + 1).._count).CopyTo(_entries.AsSpan(place));
        _entries[--_count] = default;
    }

    /// <summary>A new epoch.</summary>
    /// <returns>How many exchanges were open; questions and looks are none, nor is what was never sent.</returns>
    public int Clear()
    {
        var open = 0;
        foreach (ref readonly var entry in Open)
        {
            open += entry is { Kind: ExchangeKind.Exchange, Waits: false } ? 1 : 0;
        }

        _entries.AsSpan(0, _count).Clear();
        _count = 0;
        return open;
    }
}
