namespace Hearsay.Protocols;

/// <summary>
/// Large messages that there was no room for, or of which nothing came: their manifests are here, so they are tried
/// again for as long as those are held.
/// </summary>
public sealed partial class BroadcastProtocol
{
    private readonly Queue<BroadcastId> _lost = new();

    private void GiveUp(int index)
    {
        Counters.LargeExpired++;
        TryLater(_largeByAge[index].Id, _largeByAge[index].TotalBytes);
        RemoveLarge(index);
    }

    private void TryLater(in BroadcastId id, int bytes)
    {
        if (bytes > _options.LargeBytes)
        {
            Counters.LargeLost++;
            return;
        }

        if (_lost.Count >= MaximumReceiving)
        {
            _lost.Dequeue();
            Counters.LargeLost++;
        }

        _lost.Enqueue(id);
    }

    /// <summary>Each of them once; who waits for room keeps its turn, and nobody gives way to it.</summary>
    private void TryLostAgain()
    {
        for (var left = Has(BroadcastDefects.NeverTriesAgain) ? 0 : _lost.Count; left > 0; left--)
        {
            var id = _lost.Dequeue();
            if (!_store.TryFind(id, out var place) || !IsHeld(place))
            {
                Counters.LargeLost++;
            }
            else if (!_large.ContainsKey(id) && !TryAgain(id, place))
            {
                _lost.Enqueue(id);
            }
        }
    }

    private bool TryAgain(in BroadcastId id, long place)
    {
        ref var message = ref _store[place];
        MessageFrame.TryRead(message.Body.AsSpan(0, message.Length), out var frame);
        LargeManifest.TryRead(frame.Payload, out var manifest);
        long received = 0;
        foreach (var large in _largeByAge)
        {
            received += large.Missing > 0 ? large.RoomBytes : 0;
        }

        var room = LargeMessage.RoomFor(manifest.TotalBytes);
        if (_receiving >= MaximumReceiving || received + room > _options.LargeBytes || !DropHeld(room))
        {
            return false;
        }

        Counters.LargeRetried++;
        AskForChunks(Begin(id, frame, message.AgeAt(Now), _neighbours.Up, isReceived: true));
        return true;
    }
}
