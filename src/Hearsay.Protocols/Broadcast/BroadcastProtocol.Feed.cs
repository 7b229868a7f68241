using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Large;
using Hearsay.Protocols.Transfer;

namespace Hearsay.Protocols.Broadcast;

/// <remarks>
/// The manifest says so itself (<see cref="MessageFrame.Feeds"/>), so its receiver knows which chunks it need not
/// request. Pushed chunks are limited per link, by message and by time; the neighbour must request the others. A
/// neighbour that has the message from elsewhere announces it, and that ends the feeding.
/// </remarks>
/// <content>
/// The chunks of a large message follow its manifest down the tree. A node pushes the first chunks to each neighbour to
/// which it pushed the manifest, each as soon as it has the chunk.
/// </content>
internal sealed partial class BroadcastProtocol
{
    /// <summary>Bytes of chunks whose manifest is not here.</summary>
    internal int EarlyBytes => _transfers.EarlyBytes;

    /// <summary>How many such chunks there are.</summary>
    internal int EarlyCount => _transfers.EarlyCount;

    /// <summary>Says whether a message's chunks follow those of its manifests that are pushed and pulled.</summary>
    private void ChooseFeeding(LargeMessage large, bool wasCold, bool isPulledAtOnce)
    {
        // Where everybody is pushed to most copies are redundant; that is cheap for a manifest and not for the chunks.
        var floods = _options.Mode == BroadcastMode.Flood || (_options.Mode == BroadcastMode.Tree && wasCold);
        large.FeedsPushed = !floods;
        large.FeedsPulled = isPulledAtOnce && large.FeedsPushed;
    }

    /// <summary>Begins to feed a neighbour, if the link has room for that.</summary>
    /// <returns>The flag for the manifest that is about to be sent, or nothing.</returns>
    private byte Feed(LargeMessage large, int slot) => _transfers.TryFeed(large, slot) ? MessageFrame.Feeds : (byte)0;

    /// <summary>Answers a request for a message; chunks follow a manifest where nobody else will send them.</summary>
    /// <returns>False if too much waits for the neighbour already.</returns>
    private bool Answer(int slot, long place)
    {
        if (!TryFindLarge(_store[place].Id, out var large))
        {
            return TryAnswer(slot, place, MessageFrame.Pulled);
        }

        // Whoever is fed and asks lost the manifest; it knows which chunks came and could not be taken.
        var isFed = (large.Fed & (1u << slot)) != 0;
        var feeds = large.FeedsPulled || isFed ? Feed(large, slot) : (byte)0;
        SendMessage(slot, place, (byte)(MessageFrame.Pulled | feeds));
        if (feeds != 0 && !isFed)
        {
            _transfers.FeedWhatIsHere(large, 1u << slot);
        }

        return true;
    }

    /// <summary>A chunk came of which no manifest is here: that was overtaken, or lost and must be asked for.</summary>
    private void OnEarlyChunk(in BroadcastId id, int slot, int chunk, ReadOnlySpan<byte> bytes)
    {
        if (slot < 0 || _store.TryFind(id, out _))
        {
            _transfers.Counters.ChunksRefused++;
            return;
        }

        _transfers.KeepEarly(LargeMessage.KeyOf(id), slot, chunk, bytes);
        OnAnnounced(id, slot, 0, pullAtOnce: false);
        if (chunk < TransferBody.Window && _missing.TryFind(id, out var waiting))
        {
            _missing[waiting].EarlyChunks |= 1u << chunk;
        }
    }

    /// <summary>A manifest came again, and its chunks would follow: they come from elsewhere.</summary>
    private void DeclineFeed(in BroadcastId id, int slot)
    {
        if (slot >= 0 && TryFindLarge(id, out var large) && large.Outstanding(slot) == 0)
        {
            AnnounceAlone(large, slot);
        }
    }
}
