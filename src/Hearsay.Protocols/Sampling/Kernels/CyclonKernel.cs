namespace Hearsay.Protocols;

/// <summary>
/// Cyclon's enhanced shuffle (Voulgaris, Gavidia, van Steen, "CYCLON: Inexpensive Membership Management for
/// Unstructured P2P Overlays", JNSM 13(2), 2005, section 2.3).
/// </summary>
/// <remarks>
/// A cycle: all ages grow by one; the oldest entry is taken out of the view and is the partner; ℓ - 1 random others and
/// the own descriptor go to it; it answers with ℓ random entries. Links move and are never copied, so in-degrees stay
/// tight. Being contacted ages nothing.
/// </remarks>
public static class CyclonKernel
{
    /// <summary>Chooses random entries to send. The view keeps them, in another order.</summary>
    /// <param name="view">The node's view.</param>
    /// <param name="sent">Receives the handles sent; its length is the most to send.</param>
    /// <param name="sentAges">Receives their ages.</param>
    /// <param name="random">The generator.</param>
    /// <returns>How many entries were chosen.</returns>
    public static int Prepare(ref ViewSlice view, Span<uint> sent, Span<ushort> sentAges, ref SeededRandom random)
    {
        var count = Math.Min(sent.Length, view.Count);
        for (var i = 0; i < count; i++)
        {
            view.Swap(i, i + random.Below(view.Count - i));
        }

        view.Handles[..count].CopyTo(sent);
        view.Ages[..count].CopyTo(sentAges);
        return count;
    }

    /// <summary>
    /// Takes what was received into free slots, then into slots of entries that were sent. What is already there, the
    /// node itself and what does not fit is discarded.
    /// </summary>
    /// <param name="view">The node's view.</param>
    /// <param name="received">Handles received.</param>
    /// <param name="receivedAges">Their ages.</param>
    /// <param name="sent">What this node sent in the same exchange.</param>
    /// <param name="self">The node's own handle, which never enters.</param>
    public static void Merge(
        ref ViewSlice view,
        scoped ReadOnlySpan<uint> received,
        scoped ReadOnlySpan<ushort> receivedAges,
        scoped ReadOnlySpan<uint> sent,
        uint self)
    {
        var nextSent = 0;
        for (var i = 0; i < received.Length; i++)
        {
            if (received[i] == self || view.IndexOf(received[i]) >= 0)
            {
                continue;
            }

            if (view.Count < view.Capacity)
            {
                view.Append(received[i], receivedAges[i]);
                continue;
            }

            var slot = -1;
            while (slot < 0 && nextSent < sent.Length)
            {
                slot = view.IndexOf(sent[nextSent++]);
            }

            if (slot < 0)
            {
                return;
            }

            (view.Handles[slot], view.Ages[slot]) = (received[i], receivedAges[i]);
        }
    }
}
