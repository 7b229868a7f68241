using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Large;
using Hearsay.Protocols.Broadcast.Store;

namespace Hearsay.Protocols.Broadcast;

/// <content>
/// Large messages for which there was no place or room, or of which nothing came. The node has their manifests, so it
/// tries again for as long as it holds those.
/// </content>
internal sealed partial class BroadcastProtocol
{
    private readonly Queue<LostLarge> _lost = new();

    private void TryLater(LostLarge message, int bytes)
    {
        if (bytes > _options.LargeBytes)
        {
            Lose(message);
            return;
        }

        if (_lost.Count >= MaximumReceiving)
        {
            Lose(_lost.Dequeue());
        }

        _lost.Enqueue(message);
    }

    private void Lose(LostLarge message)
    {
        Counters.LargeLost++;
        message.Tell(_sink, Now);
    }

    /// <summary>
    /// Each of them once, where there is a place; who waits for one keeps its turn. Only a manifest alone gives way,
    /// and only to what more than a manifest had come of.
    /// </summary>
    private void TryLostAgain()
    {
        for (var left = _lost.Count; left > 0; left--)
        {
            var lost = _lost.Dequeue();
            if (!_store.TryFind(lost.Id, out var place) || !IsHeld(place))
            {
                Lose(lost);
            }
            else if (!TryFindLarge(lost.Id, out _) && !TryAgain(lost.Id, place, lost.HadChunks))
            {
                _lost.Enqueue(lost);
            }
        }
    }

    private bool TryAgain(in BroadcastId id, long place, bool hadChunks)
    {
        if (!_transfers.Room.MakePlaceAgain(hadChunks))
        {
            return false;
        }

        Counters.LargeRetried++;
        ref var message = ref _store[place];
        MessageFrame.TryRead(message.Frame, out var frame);
        var large = Begin(id, frame, message.AgeAt(Now), _neighbours.Up, isReceived: true, hadChunks);
        large.Waits = true;
        _transfers.Ask(large);
        return true;
    }
}
