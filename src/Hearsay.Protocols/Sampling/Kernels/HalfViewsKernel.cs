using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Sampling.Kernels;

/// <summary>
/// The two verbs of the generic protocol, prepare and merge (TOCS 2007, figure 1), as pure functions on a view.
/// </summary>
/// <remarks>
/// <para><c>prepare</c> shuffles the view in place, moves the H oldest to its end and sends the first c/2 - 1 entries
/// (the node's own descriptor makes it c/2). It returns what it sent, and a node that waits for an answer
/// keeps that list.</para>
/// <para><c>merge</c> is defined on sets: "what was sent" is known by identity and not by position, so other exchanges
/// may reorder or change the view between the two. With S = c/2 it removes at most the c/2 - 1 entries that were
/// sent.</para>
/// <para>Ties: among the H oldest of prepare at random (the view was just shuffled); when merge removes the oldest, of
/// equal ages the one nearest the end goes first, so received entries give way before own ones.</para>
/// </remarks>
internal static class HalfViewsKernel
{
    /// <summary>The largest view these kernels accept: c = 256 with a whole view received.</summary>
    public const int MaximumRoom = 512;

    /// <summary>Chooses the entries to send, and reorders the view.</summary>
    /// <param name="view">The node's view; reordered.</param>
    /// <param name="healing">The parameter H: the number of oldest entries that are sent last, if at all.</param>
    /// <param name="sent">
    /// Receives the handles of the chosen entries. Its length is the maximum number, c/2 - 1.
    /// </param>
    /// <param name="sentAges">Receives the ages of the chosen entries.</param>
    /// <param name="random">The generator.</param>
    /// <returns>The number of entries chosen.</returns>
    public static int Prepare(
        ref ViewSlice view, int healing, Span<uint> sent, Span<ushort> sentAges, ref SeededRandom random)
    {
        Shuffle(ref view, ref random);
        MoveOldestToEnd(ref view, healing);
        var count = Math.Min(sent.Length, view.Count);
        view.Handles[..count].CopyTo(sent);
        view.Ages[..count].CopyTo(sentAges);
        return count;
    }

    /// <summary>Merges a received buffer into the view, and reduces the view to its size again.</summary>
    /// <param name="view">The node's view, with room for the buffer behind it.</param>
    /// <param name="received">The handles received, which must fit the room of the view.</param>
    /// <param name="receivedAges">The ages received.</param>
    /// <param name="sent">
    /// The handles that this node sent in the same exchange, or, in push mode, the last ones that it pushed.
    /// </param>
    /// <param name="healing">The parameter H: up to this many of the oldest entries are removed first.</param>
    /// <param name="swap">The parameter S: up to this many of the sent entries are removed next.</param>
    /// <param name="self">The handle of the node itself, which never enters the view.</param>
    /// <param name="random">The generator.</param>
    [SkipLocalsInit]
    public static void Merge(
        ref ViewSlice view,
        scoped ReadOnlySpan<uint> received,
        scoped ReadOnlySpan<ushort> receivedAges,
        scoped ReadOnlySpan<uint> sent,
        int healing,
        int swap,
        uint self,
        ref SeededRandom random)
    {
        AppendWithoutDuplicates(ref view, received, receivedAges, self);
        var surplus = view.Count - view.Capacity;
        if (surplus <= 0)
        {
            return;
        }

        Span<bool> removed = stackalloc bool[MaximumRoom];
        removed = removed[..view.Count];
        removed.Clear();
        surplus -= MarkOldest(view.Ages, removed, Math.Min(healing, surplus));
        surplus -= MarkSent(view.Handles, removed, sent, Math.Min(swap, surplus));
        MarkRandom(removed, surplus, ref random);
        Compact(ref view, removed);
    }

    private static void Shuffle(ref ViewSlice view, ref SeededRandom random)
    {
        for (var i = view.Count - 1; i > 0; i--)
        {
            view.Swap(i, random.Below(i + 1));
        }
    }

    /// <summary>The list is in random order, so "the first of the oldest" breaks ties at random.</summary>
    [SkipLocalsInit]
    private static void MoveOldestToEnd(ref ViewSlice view, int healing)
    {
        // Age above position, so that one comparison orders both and the search has no branch to mispredict.
        Span<uint> keys = stackalloc uint[MaximumRoom];
        keys = keys[..view.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = FirstOfOldestKey(view.Ages[i], i);
        }

        for (var end = view.Count - 1; end >= view.Count - healing && end > 0; end--)
        {
            var oldest = ushort.MaxValue - (int)(ShortSpan.Largest(keys[..(end + 1)]) & ushort.MaxValue);
            view.Swap(oldest, end);
            keys[oldest] = FirstOfOldestKey(view.Ages[oldest], oldest);
        }
    }

    private static uint FirstOfOldestKey(ushort age, int position) =>
        ((uint)age << 16) | (uint)(ushort.MaxValue - position);

    /// <summary>A peer that occurs twice keeps its earlier position and its smaller age.</summary>
    internal static void AppendWithoutDuplicates(
        ref ViewSlice view, scoped ReadOnlySpan<uint> received, scoped ReadOnlySpan<ushort> receivedAges, uint self)
    {
        Debug.Assert(view.Count + received.Length <= view.Room);
        for (var i = 0; i < received.Length; i++)
        {
            if (received[i] == self)
            {
                continue;
            }

            var index = view.IndexOf(received[i]);
            if (index < 0)
            {
                view.Append(received[i], receivedAges[i]);
            }
            else if (receivedAges[i] < view.Ages[index])
            {
                view.Ages[index] = receivedAges[i];
            }
        }
    }

    /// <summary>Of equal ages the last goes first: the key is the age above the position.</summary>
    [SkipLocalsInit]
    private static int MarkOldest(ReadOnlySpan<ushort> ages, Span<bool> removed, int count)
    {
        Span<uint> keys = stackalloc uint[MaximumRoom];
        keys = keys[..(count == 0 ? 0 : ages.Length)];
        for (var i = 0; i < keys.Length; i++)
        {
            // Positions from 1, so that 0 stands for what is marked.
            keys[i] = ((uint)ages[i] << 16) | (uint)(i + 1);
        }


        for (var round = 0; round < count; round++)
        {
            var index = (int)(ShortSpan.Largest(keys) & ushort.MaxValue) - 1;
            removed[index] = true;
            keys[index] = 0;
        }

        return count;
    }

    private static int MarkSent(ReadOnlySpan<uint> handles, Span<bool> removed, ReadOnlySpan<uint> sent, int count)
    {
        var marked = 0;
        for (var i = 0; i < sent.Length && marked < count; i++)
        {
            var index = ShortSpan.IndexOf(handles, sent[i]);
            if (index >= 0 && !removed[index])
            {
                removed[index] = true;
                marked++;
            }
        }

        return marked;
    }

    [SkipLocalsInit]
    private static void MarkRandom(Span<bool> removed, int count, ref SeededRandom random)
    {
        if (count == 0)
        {
            return;
        }

        Span<ushort> left = stackalloc ushort[MaximumRoom];
        var remaining = 0;
        for (var i = 0; i < removed.Length; i++)
        {
            left[remaining] = (ushort)i;
            remaining += removed[i] ? 0 : 1;
        }

        for (; count > 0; count--)
        {
            var rank = random.Below(remaining--);
            removed[left[rank]] = true;
            left[rank] = left[remaining];
        }
    }

    private static void Compact(ref ViewSlice view, scoped ReadOnlySpan<bool> removed)
    {
        var handles = view.Handles;
        var ages = view.Ages;
        var kept = 0;
        for (var i = 0; i < removed.Length; i++)
        {
            if (!removed[i])
            {
                (handles[kept], ages[kept]) = (handles[i], ages[i]);
                kept++;
            }
        }

        view.Count = kept;
    }
}
