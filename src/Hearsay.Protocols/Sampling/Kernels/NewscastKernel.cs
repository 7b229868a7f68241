using System.Runtime.CompilerServices;

namespace Hearsay.Protocols;

/// <summary>
/// Newscast's merge: the union of both views, the freshest occurrence of each peer, the c freshest peers
/// (Jelasity, Kowalczyk, van Steen, "Newscast Computing on the Internet", 2003). Equal ages tie at random.
/// </summary>
/// <remarks>
/// Both sides send their whole view as it was before the exchange and their own descriptor with age 0. Ages stand
/// for timestamps: time passes for all nodes alike, and being contacted makes nothing older. Where nodes count whole
/// cycles, each in its own turn, copies that hop past a turn stay too young, the merge selects just those, and dead
/// entries linger (8 % instead of none, 10 cycles after a crash of half): a driver ages all at once, or by the clock.
/// </remarks>
public static class NewscastKernel
{
    /// <summary>The whole view is sent; the view stays as it is.</summary>
    /// <returns>How many entries were copied.</returns>
    public static int Prepare(ref ViewSlice view, Span<uint> sent, Span<ushort> sentAges)
    {
        var count = Math.Min(sent.Length, view.Count);
        view.Handles[..count].CopyTo(sent);
        view.Ages[..count].CopyTo(sentAges);
        return count;
    }

    /// <summary>Keeps the c freshest of the view and what was received.</summary>
    /// <param name="view">The node's view, with room for the buffer behind it; comes out ordered by age.</param>
    /// <param name="received">Handles received.</param>
    /// <param name="receivedAges">Their ages.</param>
    /// <param name="self">The node's own handle, which never enters.</param>
    /// <param name="random">Breaks ties.</param>
    [SkipLocalsInit]
    public static void Merge(
        ref ViewSlice view,
        scoped ReadOnlySpan<uint> received,
        scoped ReadOnlySpan<ushort> receivedAges,
        uint self,
        ref SeededRandom random)
    {
        HalfViewsKernel.AppendWithoutDuplicates(ref view, received, receivedAges, self);
        if (view.Count <= view.Capacity)
        {
            return;
        }

        // Age first, then a random number, so that sorting shuffles those of one age.
        Span<ulong> keys = stackalloc ulong[HalfViewsKernel.MaximumRoom];
        keys = keys[..view.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = ((ulong)view.Ages[i] << 48) | (random.NextUInt64() >> 16);
        }

        keys.Sort(view.Handles);
        for (var i = 0; i < view.Capacity; i++)
        {
            view.Ages[i] = (ushort)(keys[i] >> 48);
        }

        view.Count = view.Capacity;
    }
}
