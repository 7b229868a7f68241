namespace Hearsay.Protocols.Aggregation.PushSum;

/// <summary>
/// The pushes taken in one epoch, so that none counts twice: the ids of the latest, and how far the epoch was when the
/// newest of those that gave way was sent. A push that is not newer than that might be one of them.
/// </summary>
internal sealed class PushWindow
{
    /// <summary>A node gets about one a cycle: four epochs of the default length.</summary>
    public const int Remembered = 128;

    private readonly ulong[] _keys = new ulong[Remembered];
    private readonly TimeSpan[] _sentAt = new TimeSpan[Remembered];
    private TimeSpan _forgotten;
    private long _epoch;
    private int _count;

    /// <summary>Remembers a push.</summary>
    /// <param name="key">Stands for its sender and its id.</param>
    /// <param name="epoch">The epoch it belongs to; another one than before begins anew.</param>
    /// <param name="sentAt">How far the epoch was then, as it says.</param>
    /// <returns>False if it was taken before, or may have been.</returns>
    public bool TryAdd(ulong key, long epoch, TimeSpan sentAt)
    {
        if (epoch != _epoch)
        {
            (_epoch, _count, _forgotten) = (epoch, 0, TimeSpan.MinValue);
        }

        if (_keys.AsSpan(0, Math.Min(_count, Remembered)).Contains(key) || IsForgotten(sentAt))
        {
            return false;
        }

        var place = _count % Remembered;
        if (_count >= Remembered && _sentAt[place] > _forgotten)
        {
            _forgotten = _sentAt[place];
        }

        // Runs on from the second round, however long the epoch lasts.
        _count = _count + 1 < 2 * Remembered ? _count + 1 : Remembered;
        (_keys[place], _sentAt[place]) = (key, sentAt);
        return true;
    }

    private bool IsForgotten(TimeSpan sentAt)
    {
        return sentAt <= _forgotten;
    }
}
