using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Exchange;

/// <summary>
/// Events that came before something that they replace. Each waits for one event that is missing, and is tried again
/// when that has come. The oldest gives way; what is forgotten comes by an exchange.
/// </summary>
internal sealed class WaitingEvents
{
    /// <summary>How many events wait.</summary>
    public const int MostEvents = 1_024;

    /// <summary>How many bytes of values wait.</summary>
    public const long MostBytes = 1 << 20;

    private readonly Dictionary<Dot, List<MapEvent>> _byMissing = [];
    private readonly Queue<(Dot Missing, MapEvent Event)> _inOrder = new();
    private long _bytes;

    /// <summary>How many events wait.</summary>
    public int Count { get; private set; }

    /// <summary>An event waits.</summary>
    /// <param name="missing">For that event.</param>
    /// <param name="one">The event.</param>
    public void Add(Dot missing, MapEvent one)
    {
        var bytes = BytesOf(one);
        if (bytes > MostBytes || (_byMissing.TryGetValue(missing, out var others)
            && others.Exists(other => other.Dot == one.Dot)))
        {
            return;
        }

        while (Count == MostEvents || _bytes + bytes > MostBytes || _inOrder.Count >= 2 * MostEvents)
        {
            var (dot, oldest) = _inOrder.Dequeue();
            if (_byMissing.TryGetValue(dot, out var waiting) && waiting.Remove(oldest))
            {
                Forget(dot, waiting, oldest);
            }
        }

        if (!_byMissing.TryGetValue(missing, out others))
        {
            _byMissing[missing] = others = [];
        }

        others.Add(one);
        _inOrder.Enqueue((missing, one));
        (Count, _bytes) = (Count + 1, _bytes + bytes);
    }

    /// <summary>Takes what waits for an event.</summary>
    public IReadOnlyList<MapEvent> Take(Dot came)
    {
        if (!_byMissing.Remove(came, out var waiting))
        {
            return [];
        }

        foreach (var one in waiting)
        {
            (Count, _bytes) = (Count - 1, _bytes - BytesOf(one));
        }

        return waiting;
    }

    /// <summary>Takes everything that waits, the oldest first.</summary>
    public IReadOnlyList<MapEvent> TakeAll()
    {
        MapEvent[] all =
        [
            .. _inOrder.Where(entry => _byMissing.TryGetValue(entry.Missing, out var waiting)
                && waiting.Contains(entry.Event)).Select(static entry => entry.Event),
        ];
        _byMissing.Clear();
        _inOrder.Clear();
        (Count, _bytes) = (0, 0);
        return all;
    }

    private void Forget(Dot missing, List<MapEvent> waiting, MapEvent one)
    {
        (Count, _bytes) = (Count - 1, _bytes - BytesOf(one));
        if (waiting.Count == 0)
        {
            _byMissing.Remove(missing);
        }
    }

    private static long BytesOf(MapEvent one)
    {
        var bytes = 0L;
        foreach (var entry in one.Entries)
        {
            bytes += entry.Path.Bytes.Length + (32L * entry.Replaced.Count) + (entry.Row?.Value.Length ?? 0);
        }

        return bytes;
    }
}
