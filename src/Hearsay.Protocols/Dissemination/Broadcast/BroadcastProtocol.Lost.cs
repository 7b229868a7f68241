namespace Hearsay.Protocols;

/// <summary>
/// Large messages that there was no place or room for, or of which nothing came: their manifests are here, so they are
/// tried again for as long as those are held.
/// </summary>
public sealed partial class BroadcastProtocol
{
    private readonly Queue<(BroadcastId Id, bool HadChunks)> _lost = new();

    private void GiveUp(int index)
    {
        Counters.LargeExpired++;
        var large = _largeByAge[index];
        TryLater(large.Id, large.TotalBytes, large.IsProven);
        RemoveLarge(index);
    }

    private void TryLater(in BroadcastId id, int bytes, bool hadChunks)
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

        _lost.Enqueue((id, hadChunks));
    }

    /// <summary>
    /// Each of them once, where there is a place; who waits for one keeps its turn. Only a manifest alone gives way,
    /// and only to what more than a manifest had come of.
    /// </summary>
    private void TryLostAgain()
    {
        for (var left = Has(BroadcastDefects.NeverTriesAgain) ? 0 : _lost.Count; left > 0; left--)
        {
            var (id, hadChunks) = _lost.Dequeue();
            if (!_store.TryFind(id, out var place) || !IsHeld(place))
            {
                Counters.LargeLost++;
            }
            else if (!_large.ContainsKey(id) && !TryAgain(id, place, hadChunks))
            {
                _lost.Enqueue((id, hadChunks));
            }
        }
    }

    private bool TryAgain(in BroadcastId id, long place, bool hadChunks)
    {
        if (_receiving >= MaximumReceiving && !(hadChunks && TryGiveUp(FindBare())))
        {
            return false;
        }

        Counters.LargeRetried++;
        ref var message = ref _store[place];
        MessageFrame.TryRead(message.Frame, out var frame);
        var large = Begin(id, frame, message.AgeAt(Now), _neighbours.Up, isReceived: true, hadChunks);
        large.Waits = true;
        AskForChunks(large);
        return true;
    }
}
