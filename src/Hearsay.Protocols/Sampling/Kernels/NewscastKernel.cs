using System.Runtime.CompilerServices;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Sampling.Kernels;

/// <summary>
/// Newscast's merge. It forms the union of both views, takes the freshest entry of each peer, and keeps the c freshest
/// peers (Jelasity, Kowalczyk, van Steen, "Newscast Computing on the Internet", 2003). Equal ages tie at random.
/// </summary>
/// <remarks>
/// Both sides send their whole view, as it was before the exchange, and their own descriptor with age 0. Ages stand for
/// timestamps: time passes equally for all nodes, and a contact ages nothing. Suppose that nodes counted whole cycles,
/// each in its own turn. Copies that move past a turn would then stay too young, the merge would select exactly those,
/// and dead entries would linger (8 % instead of none, 10 cycles after a crash of half of the nodes). So a driver ages
/// all views at once, or by the clock.
/// </remarks>
internal static class NewscastKernel
{
    /// <summary>Copies the whole view to send it. The view does not change.</summary>
    /// <returns>The number of entries copied.</returns>
    public static int Prepare(ref ViewSlice view, Span<uint> sent, Span<ushort> sentAges)
    {
        var count = Math.Min(sent.Length, view.Count);
        view.Handles[..count].CopyTo(sent);
        view.Ages[..count].CopyTo(sentAges);
        return count;
    }

    /// <summary>Merges received entries into the view, and keeps the c freshest.</summary>
    /// <param name="view">The node's view, with room for the buffer behind it. It is ordered by age afterwards.</param>
    /// <param name="received">The handles received.</param>
    /// <param name="receivedAges">The ages received.</param>
    /// <param name="self">The handle of the node itself, which never enters the view.</param>
    /// <param name="random">The generator that breaks ties.</param>
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
