using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Sampling.Kernels;

/// <summary>
/// Cyclon's enhanced shuffle (Voulgaris, Gavidia, van Steen, "CYCLON: Inexpensive Membership Management for
/// Unstructured P2P Overlays", JNSM 13(2), 2005, section 2.3).
/// </summary>
/// <remarks>
/// In a cycle, all ages grow by one. The oldest entry is removed from the view and is the partner. The node sends it ℓ
/// - 1 random other entries and its own descriptor, and the partner answers with ℓ random entries. Links move and are
/// never copied, so in-degrees stay balanced. A contact ages nothing.
/// </remarks>
internal static class CyclonKernel
{
    /// <summary>Chooses random entries to send. They stay in the view, but its order changes.</summary>
    /// <param name="view">The node's view.</param>
    /// <param name="sent">Receives the handles of the chosen entries. Its length is the maximum number.</param>
    /// <param name="sentAges">Receives the ages of the chosen entries.</param>
    /// <param name="random">The generator.</param>
    /// <returns>The number of entries chosen.</returns>
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
    /// Merges received entries into the view: first into free slots, then into the slots of entries that were sent.
    /// Entries that are already in the view, the node itself, and entries that do not fit are discarded.
    /// </summary>
    /// <param name="view">The node's view.</param>
    /// <param name="received">The handles received.</param>
    /// <param name="receivedAges">The ages received.</param>
    /// <param name="sent">The handles that this node sent in the same exchange.</param>
    /// <param name="self">The handle of the node itself, which never enters the view.</param>
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
