using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Large;

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
    private readonly EarlyChunks _earlyChunks = new();

    /// <summary>Bytes of chunks whose manifest is not here.</summary>
    internal int EarlyBytes => _earlyChunks.Bytes;

    /// <summary>How many such chunks there are.</summary>
    internal int EarlyCount => _earlyChunks.Count;

    /// <summary>Says whether a message's chunks follow those of its manifests that are pushed and pulled.</summary>
    private void ChooseFeeding(TransferBody large, bool wasCold, bool isPulledAtOnce)
    {
        // Where everybody is pushed to most copies are redundant; that is cheap for a manifest and not for the chunks.
        var floods = _options.Mode == BroadcastMode.Flood || (_options.Mode == BroadcastMode.Tree && wasCold);
        large.FeedsPushed = !floods;
        large.FeedsPulled = isPulledAtOnce && large.FeedsPushed;
    }

    /// <summary>Begins to feed a neighbour, if the link has room for that.</summary>
    /// <returns>The flag for the manifest that is about to be sent, or nothing.</returns>
    private byte Feed(TransferBody large, int slot)
    {
        var bit = 1u << slot;
        if ((large.Fed & bit) == 0 && !_links[slot].MayFeed(Now, large.FedCount))
        {
            Counters.FeedsRefused++;
            return 0;
        }

        large.Fed |= bit;
        return MessageFrame.Feeds;
    }

    /// <summary>Answers a request for a message; chunks follow a manifest where nobody else will send them.</summary>
    /// <returns>False if too much waits for the neighbour already.</returns>
    private bool Answer(int slot, long place)
    {
        var large = _large.Count > 0 ? _large.GetValueOrDefault(_store[place].Id) : null;
        if (large is null)
        {
            return TryAnswer(slot, place, MessageFrame.Pulled);
        }

        // Whoever is fed and asks lost the manifest; it knows which chunks came and could not be taken.
        var isFed = (large.Fed & (1u << slot)) != 0;
        var feeds = large.FeedsPulled || isFed ? Feed(large, slot) : (byte)0;
        SendMessage(slot, place, (byte)(MessageFrame.Pulled | feeds));
        if (feeds != 0 && !isFed)
        {
            FeedWhatIsHere(large, 1u << slot);
        }

        return true;
    }

    /// <summary>Sends the chunks that are here to those who are fed.</summary>
    private void FeedWhatIsHere(TransferBody large, uint slots)
    {
        for (var chunk = 0; chunk < large.FedCount; chunk++)
        {
            if (large.Has(chunk))
            {
                SendChunks(slots, large, chunk);
            }
        }
    }

    private void SendChunks(uint slots, TransferBody large, int chunk)
    {
        for (; slots != 0; slots &= slots - 1)
        {
            SendChunk(BitOperations.TrailingZeroCount(slots), large, chunk);
        }
    }

    /// <summary>A manifest came: what is sent unasked is waited for, the rest asked for.</summary>
    private void AwaitChunks(TransferBody large, int slot, byte flags, uint early)
    {
        while (_earlyChunks.TryTake(large.Id, out var chunk))
        {
            Put(large, chunk.Slot, chunk.Chunk, chunk.Bytes);
        }

        for (var chunk = 0; chunk < large.FedCount && (flags & MessageFrame.Feeds) != 0; chunk++)
        {
            // What came before the manifest and was not kept does not come again.
            if (!large.Has(chunk) && (early & (1u << chunk)) == 0)
            {
                large.Ask(chunk, slot, Now);
            }
        }

        GoOn(large);
    }

    /// <summary>A chunk came of which no manifest is here: that was overtaken, or lost and must be asked for.</summary>
    private void OnEarlyChunk(in BroadcastId id, int slot, int chunk, ReadOnlySpan<byte> bytes)
    {
        if (slot < 0 || _store.TryFind(id, out _))
        {
            Counters.ChunksRefused++;
            return;
        }

        Counters.ChunksEarly++;
        Counters.ChunksRefused += _earlyChunks.Add(id, slot, chunk, bytes);
        OnAnnounced(id, slot, 0, pullAtOnce: false);
        if (chunk < TransferBody.Window && _missing.TryFind(id, out var waiting))
        {
            _missing[waiting].EarlyChunks |= 1u << chunk;
        }
    }

    /// <summary>A neighbour has the message from elsewhere, or all of it.</summary>
    private void OnHas(TransferBody large, int slot, bool isWhole)
    {
        var bit = 1u << slot;
        if (isWhole || (large.Fed & bit) != 0)
        {
            large.Release(slot);
        }

        if (isWhole && large.Providers.NoteHolds(slot))
        {
            AskForChunks(large);
        }
    }

    /// <summary>A manifest came again, and its chunks would follow: they come from elsewhere.</summary>
    private void DeclineFeed(in BroadcastId id, int slot)
    {
        if (slot >= 0 && _large.TryGetValue(id, out var large) && large.Outstanding(slot) == 0)
        {
            AnnounceAlone(large, slot);
        }
    }
}
