using Hearsay.Protocols;

namespace Hearsay.Simulation.Broadcast;

/// <summary>Who got one message, when and over how many links.</summary>
internal sealed class BroadcastRecord(int nodes)
{
    private readonly bool[] _has = new bool[nodes];
    private readonly List<int> _hops = [];
    private readonly List<double> _milliseconds = [];
    private Instant _began;
    private bool _isSorted;

    public int Twice { get; private set; }

    public bool Has(int node) => _has[node];

    public IReadOnlyList<double> Sorted()
    {
        Milliseconds(1);
        return _milliseconds;
    }

    public void Begin(Instant now) => _began = now;

    /// <summary>A node got it.</summary>
    /// <param name="node">Which.</param>
    /// <param name="hops">Over how many links.</param>
    /// <param name="now">When.</param>
    /// <param name="isTimed">Whether hops and latency count; not for one that joined after it was published.</param>
    public void Add(int node, int hops, Instant now, bool isTimed = true)
    {
        var isNew = !_has[node];
        Twice += isNew ? 0 : 1;
        if (isNew)
        {
            _has[node] = true;
        }

        if (isNew && isTimed)
        {
            _hops.Add(hops);
            _milliseconds.Add((now - _began).TotalMilliseconds);
            _isSorted = false;
        }
    }

    public double Hops(double share) => At(_hops, share);

    public double Milliseconds(double share) => At(_milliseconds, share);

    private T At<T>(List<T> values, double share)
        where T : struct
    {
        if (!_isSorted)
        {
            _hops.Sort();
            _milliseconds.Sort();
            _isSorted = true;
        }

        return values.Count == 0 ? default : values[Math.Max(0, (int)Math.Ceiling(share * values.Count) - 1)];
    }
}
