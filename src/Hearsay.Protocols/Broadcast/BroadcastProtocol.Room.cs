using Hearsay.Protocols.Broadcast.Large;

namespace Hearsay.Protocols.Broadcast;

/// <remarks>
/// If the messages being received need more room than there is, younger ones give way to older ones. So the oldest
/// always completes. If each kept its room, none might.
/// </remarks>
/// <content>
/// The room for large messages. The parts that have arrived take it; a manifest takes only one of the places.
/// </content>
internal sealed partial class BroadcastProtocol
{
    /// <summary>Bytes of all large messages.</summary>
    private long _largeBytes;

    /// <summary>Bytes of those being received.</summary>
    private long _receivedBytes;

    private int _receiving;

    internal long LargeRoomBytes => _largeBytes;

    internal IReadOnlyList<TransferBody> Large => _largeByAge;

    /// <summary>Makes a place for one more to be received.</summary>
    private bool MakePlace(int totalBytes)
    {
        if (totalBytes > _options.LargeBytes)
        {
            return false;
        }

        return _receiving < MaximumReceiving || TryGiveUp(FindBare()) || TryGiveUp(FindSilent(null));
    }

    /// <summary>
    /// Makes room: held messages go, then those being received that do not get on, then those that
    /// are younger than the one that needs it.
    /// </summary>
    private bool MakeRoom(int bytes, TransferBody? taker)
    {
        if (_receivedBytes + bytes > _options.LargeBytes && bytes > RoomLeft(taker))
        {
            return false;
        }

        while (!DropHeld(bytes))
        {
            if (!TryGiveUp(FindSilent(taker)) && !TryGiveUp(FindYounger(taker)))
            {
                return false;
            }
        }

        return true;
    }

    private void TakeRoom(TransferBody large, int bytes)
    {
        large.RoomBytes += bytes;
        _largeBytes += bytes;
        _receivedBytes += large.Missing > 0 ? bytes : 0;
    }

    /// <summary>
    /// Whether one that found no room, or gave way, fits beside the older ones when all are whole. The oldest always
    /// does; who began before that would give way again and again, and be sent for nothing.
    /// </summary>
    private bool HasRoomForAll(TransferBody waiting)
    {
        long bytes = waiting.TotalBytes;
        for (var i = 0; _largeByAge[i] != waiting; i++)
        {
            var older = _largeByAge[i];
            bytes += older.Missing > 0 && older.IsProven && !GivesWay(older) ? older.TotalBytes : 0;
        }

        return bytes <= _options.LargeBytes;
    }

    /// <summary>All room but that of those being received that do not give way to this one.</summary>
    private long RoomLeft(TransferBody? taker)
    {
        var left = _options.LargeBytes;
        var isYounger = false;
        foreach (var large in _largeByAge)
        {
            var keeps = large == taker || !(GivesWay(large) || isYounger);
            left -= large.Missing > 0 && keeps ? large.RoomBytes : 0;
            isYounger |= large == taker;
        }

        return left;
    }

    /// <summary>Drops what is whole until there is room, or says that there is none.</summary>
    private bool DropHeld(int bytes)
    {
        while (_largeBytes + bytes > _options.LargeBytes)
        {
            var next = FindHeld();
            if (next < 0)
            {
                return false;
            }

            RemoveLarge(next);
        }

        return true;
    }

    /// <summary>
    /// Of what is whole the oldest that all neighbours have, or had time to ask for. Where there is none, that which
    /// most neighbours lack: it is on its way to them from elsewhere too. If all nodes dropped the same first, or what
    /// few lack, the last who lacks it would find it nowhere.
    /// </summary>
    private int FindHeld()
    {
        var (found, most) = (-1, -1);
        for (var i = 0; i < _largeByAge.Count; i++)
        {
            var large = _largeByAge[i];
            if (large.Missing > 0)
            {
                continue;
            }

            var lacking = large.Providers.LackingOf(_neighbours.Up);
            if (lacking == 0 || Now - large.Progress > SilentTime)
            {
                return i;
            }

            (found, most) = lacking > most ? (i, lacking) : (found, most);
        }

        return found;
    }

    /// <summary>The oldest of which only the manifest ever came.</summary>
    private int FindBare() => _largeByAge.FindIndex(static large => large.IsBare);

    /// <summary>One that does not get on, that of which nothing came for longest.</summary>
    private int FindSilent(TransferBody? taker)
    {
        var worst = -1;
        for (var i = 0; i < _largeByAge.Count; i++)
        {
            var large = _largeByAge[i];
            if (large.Missing > 0 && large.RoomBytes > 0 && large != taker && GivesWay(large)
                && (worst < 0 || large.Progress < _largeByAge[worst].Progress))
            {
                worst = i;
            }
        }

        return worst;
    }

    /// <summary>The youngest being received of which anything is here, if it is younger than another.</summary>
    private int FindYounger(TransferBody? than)
    {
        if (than is null)
        {
            return -1;
        }

        var place = _largeByAge.FindLastIndex(static large => large.Missing > 0 && large.RoomBytes > 0);
        return place > _largeByAge.IndexOf(than) ? place : -1;
    }

    private bool TryGiveUp(int index)
    {
        if (index >= 0)
        {
            GiveUp(index);
        }

        return index >= 0;
    }

    /// <summary>
    /// Whether a message being received is silent, or so slow that nobody will hold it any more when it is whole.
    /// </summary>
    private bool GivesWay(TransferBody large)
    {
        var isSilent = Now - large.Progress > SilentTime;
        var takes = Now.Ticks - large.Received;
        var isSlow = takes > SilentTime.Ticks
            && (large.Count - large.Missing) * _options.Retention.Ticks < large.Count * takes;
        return isSilent || isSlow;
    }

    private void RemoveLarge(int index)
    {
        var large = _largeByAge[index];
        _largeByAge.RemoveAt(index);
        _large.Remove(large.Id);
        _largeBytes -= large.RoomBytes;
        if (large.Missing > 0)
        {
            _receiving--;
            _receivedBytes -= large.RoomBytes;
        }
    }
}
