using System.Diagnostics.CodeAnalysis;

namespace Hearsay.Protocols.Transfer;

/// <summary>
/// The bodies of a protocol, and the places and the room that they take. The chunks that have arrived take room; a body
/// of which only the manifest is here takes only one of the places.
/// </summary>
/// <remarks>
/// If the bodies being received need more room than there is, younger ones give way to older ones. So the oldest always
/// completes. If each kept its room, none might.
/// </remarks>
/// <typeparam name="TBody">What the protocol knows of a body.</typeparam>
internal sealed class TransferRoom<TBody>(
    TransferOptions options, TransferCounters counters, ITransferHost<TBody> host)
    where TBody : TransferBody
{
    private readonly Dictionary<UInt128, TBody> _byId = [];

    /// <summary>All of them, the oldest first.</summary>
    private readonly List<TBody> _byAge = [];

    /// <summary>Bytes of those being received.</summary>
    private long _receivedBytes;

    /// <summary>The bodies, the oldest first.</summary>
    public IReadOnlyList<TBody> Bodies => _byAge;

    public int Count => _byAge.Count;

    /// <summary>Bytes of all bodies.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many are being received.</summary>
    public int Receiving { get; private set; }

    private Instant Now => host.Now;

    public TBody this[int index] => _byAge[index];

    public bool TryFind(UInt128 id, [MaybeNullWhen(false)] out TBody body)
    {
        body = null;
        return _byAge.Count > 0 && _byId.TryGetValue(id, out body);
    }

    public void Add(TBody body)
    {
        _byId.Add(body.Id, body);
        _byAge.Add(body);
        if (!body.IsOwn)
        {
            Receiving++;
        }
    }

    /// <summary>Makes a place for one more to be received.</summary>
    public bool MakePlace(int totalBytes)
    {
        if (totalBytes > options.RoomBytes)
        {
            return false;
        }

        return Receiving < options.Places || TryGiveUp(FindBare()) || TryGiveUp(FindSilent(null));
    }

    /// <summary>
    /// Makes a place for one that was given up before, if more than its manifest had come: only a manifest alone gives
    /// way to it.
    /// </summary>
    public bool MakePlaceAgain(bool hadChunks) =>
        Receiving < options.Places || (hadChunks && TryGiveUp(FindBare()));

    /// <summary>
    /// Whether a body may begin here. What no other node has whole yet takes half of the room at most, or is one body:
    /// the rest is for what comes.
    /// </summary>
    public bool MayBegin(int bytes)
    {
        var onlyHere = 0L;
        foreach (var body in _byAge)
        {
            onlyHere += body.Missing == 0 && host.MustKeep(body) ? body.RoomBytes : 0;
        }

        return onlyHere == 0 || onlyHere + bytes <= options.RoomBytes / 2;
    }

    /// <summary>
    /// Makes room: held bodies go, then those being received that do not get on, then those that
    /// are younger than the one that needs it.
    /// </summary>
    public bool MakeRoom(int bytes, TBody? taker)
    {
        if (_receivedBytes + bytes > options.RoomBytes && bytes > RoomLeft(taker))
        {
            return false;
        }

        while (!DropHeld(bytes, taker))
        {
            if (!TryGiveUp(FindSilent(taker)) && !TryGiveUp(FindYounger(taker)))
            {
                return false;
            }
        }

        return true;
    }

    public void TakeRoom(TBody body, int bytes)
    {
        body.RoomBytes += bytes;
        Bytes += bytes;
        _receivedBytes += body.Missing > 0 ? bytes : 0;
    }

    /// <summary>A body that was being received is whole.</summary>
    public void NoteWhole(TBody body)
    {
        Receiving--;
        _receivedBytes -= body.RoomBytes;
    }

    /// <summary>
    /// Whether one that found no room, or gave way, fits beside the older ones when all are whole. The oldest always
    /// does; who began before that would give way again and again, and be sent for nothing.
    /// </summary>
    public bool HasRoomForAll(TBody waiting)
    {
        long bytes = waiting.TotalBytes;
        for (var i = 0; _byAge[i] != waiting; i++)
        {
            var older = _byAge[i];
            bytes += older.Missing > 0 && older.IsProven && !GivesWay(older) ? older.TotalBytes : 0;
        }

        return bytes <= options.RoomBytes;
    }

    /// <summary>Gives up a body that is being received.</summary>
    public void GiveUp(TBody body) => GiveUp(_byAge.IndexOf(body));

    /// <summary>A body is of no use any more.</summary>
    public void Remove(TBody body) => Remove(_byAge.IndexOf(body));

    /// <summary>Gives up the body in a place.</summary>
    public void GiveUp(int index)
    {
        counters.GivenUp++;
        var body = _byAge[index];
        Remove(index);
        host.OnGivenUp(body);
    }

    /// <summary>The body in a place is of no use any more.</summary>
    public void Remove(int index)
    {
        var body = _byAge[index];
        _byAge.RemoveAt(index);
        _byId.Remove(body.Id);
        Bytes -= body.RoomBytes;
        if (body.Missing > 0)
        {
            Receiving--;
            _receivedBytes -= body.RoomBytes;
        }
    }

    /// <summary>All room but that of those being received that do not give way to this one.</summary>
    private long RoomLeft(TBody? taker)
    {
        var left = options.RoomBytes;
        var isYounger = false;
        foreach (var body in _byAge)
        {
            var keeps = body == taker || !(GivesWay(body) || isYounger);
            left -= body.Missing > 0 && keeps ? body.RoomBytes : 0;
            isYounger |= body == taker;
        }

        return left;
    }

    /// <summary>Drops what is whole until there is room, or says that there is none.</summary>
    private bool DropHeld(int bytes, TBody? taker)
    {
        while (Bytes + bytes > options.RoomBytes)
        {
            var next = FindHeld(taker);
            if (next < 0)
            {
                return false;
            }

            Remove(next);
        }

        return true;
    }

    /// <summary>
    /// Of what is whole the oldest that all links have, or had time to ask for. Where there is none, that which
    /// most links lack: it is on its way to them from elsewhere too. If all nodes dropped the same first, or what
    /// few lack, the last who lacks it would find it nowhere. What must be kept makes way only for what comes, and only
    /// if nobody asks for it.
    /// </summary>
    private int FindHeld(TBody? taker)
    {
        var (found, most) = (-1, -1);
        for (var i = 0; i < _byAge.Count; i++)
        {
            var body = _byAge[i];
            var hadTime = Now - body.Progress > TransferTimes.SilentTime;
            if (body.Missing > 0 || (host.MustKeep(body) && (taker is null || !hadTime)))
            {
                continue;
            }

            var lacking = body.Providers.LackingOf(host.Up);
            if (lacking == 0 || hadTime)
            {
                return i;
            }

            (found, most) = lacking > most ? (i, lacking) : (found, most);
        }

        return found;
    }

    /// <summary>The oldest of which only the manifest ever came.</summary>
    private int FindBare() => _byAge.FindIndex(static body => body.IsBare);

    /// <summary>One that does not get on, that of which nothing came for longest.</summary>
    private int FindSilent(TBody? taker)
    {
        var worst = -1;
        for (var i = 0; i < _byAge.Count; i++)
        {
            var body = _byAge[i];
            if (body.Missing > 0 && body.RoomBytes > 0 && body != taker && GivesWay(body)
                && (worst < 0 || body.Progress < _byAge[worst].Progress))
            {
                worst = i;
            }
        }

        return worst;
    }

    /// <summary>The youngest being received of which anything is here, if it is younger than another.</summary>
    private int FindYounger(TBody? than)
    {
        if (than is null)
        {
            return -1;
        }

        var place = _byAge.FindLastIndex(static body => body.Missing > 0 && body.RoomBytes > 0);
        return place > _byAge.IndexOf(than) ? place : -1;
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
    /// Whether a body being received is silent, or so slow that nobody will hold it any more when it is whole.
    /// </summary>
    private bool GivesWay(TBody body)
    {
        var isSilent = Now - body.Progress > TransferTimes.SilentTime;
        var takes = Now.Ticks - body.Received;
        var isSlow = takes > TransferTimes.SilentTime.Ticks
            && (body.Count - body.Missing) * options.Retention.Ticks < body.Count * takes;
        return isSilent || isSlow;
    }
}
