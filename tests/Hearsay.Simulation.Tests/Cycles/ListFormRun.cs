using Hearsay.Protocols;

namespace Hearsay.Simulation.Tests;

/// <summary>
/// A second, naive implementation in the list form of the paper (what was sent is known by position), for rand
/// selection and a random start. Sound, it must give the oracle's figures; with a defect, it must not: that shows that
/// the figures can tell.
/// </summary>
internal sealed class ListFormRun
{
    private readonly int _viewSize;
    private readonly int _healing;
    private readonly int _swap;
    private readonly bool _pulls;
    private readonly Defects _defects;
    private readonly List<(uint Handle, int Age)>[] _views;
    private readonly bool[] _alive;
    private SeededRandom _random;

    public ListFormRun(int nodes, PeerSamplingOptions options, Defects defects = Defects.None, ulong seed = 1)
    {
        _viewSize = options.ViewSize;
        _healing = options.EffectiveHealing;
        _swap = options.EffectiveSwap;
        _pulls = options.Propagation != Propagation.Push;
        _defects = defects;
        _random = SeededRandom.For(seed, 0, 0, 99);
        _alive = [.. Enumerable.Repeat(true, nodes)];
        _views = new List<(uint, int)>[nodes];
        for (var node = 0; node < nodes; node++)
        {
            var view = _views[node] = [];
            while (view.Count < _viewSize)
            {
                var other = (uint)_random.Below(nodes);
                if (other != node && !view.Exists(entry => entry.Handle == other))
                {
                    view.Add((other, 0));
                }
            }
        }
    }

    public void Run(int cycles)
    {
        var order = Enumerable.Range(0, _views.Length).ToArray();
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            _random.Shuffle(order.AsSpan());
            foreach (var node in order)
            {
                if (_alive[node])
                {
                    RunNode(node);
                }
            }
        }
    }

    public void KillHalf()
    {
        var order = Enumerable.Range(0, _views.Length).ToArray();
        _random.Shuffle(order.AsSpan());
        foreach (var node in order[..(order.Length / 2)])
        {
            _alive[node] = false;
        }
    }

    public OverlayMetrics Measure() => OverlayMetrics.Measure(OverlayGraph.FromViews(
        [.. _views.Select(view => view.Select(entry => (int)entry.Handle).ToArray())], _alive));

    private void RunNode(int node)
    {
        var view = _views[node];
        var live = view.FindAll(entry => _alive[entry.Handle]);
        if (live.Count > 0)
        {
            var partner = (int)live[_random.Below(live.Count)].Handle;
            var request = Prepare(node);
            var answer = _pulls && !_defects.HasFlag(Defects.AnswersAfterMerge) ? Prepare(partner) : [];
            Merge(partner, request);
            if (_pulls && _defects.HasFlag(Defects.AnswersAfterMerge))
            {
                answer = Prepare(partner);
            }

            if (!_defects.HasFlag(Defects.PassiveSideStaysYoung))
            {
                Age(partner);
            }

            Merge(node, answer);
        }

        Age(node);
    }

    private void Age(int node)
    {
        var view = _views[node];
        for (var i = 0; i < view.Count; i++)
        {
            view[i] = (view[i].Handle, view[i].Age + 1);
        }
    }

    private List<(uint Handle, int Age)> Prepare(int node)
    {
        var view = _defects.HasFlag(Defects.PreparesACopy) ? [.. _views[node]] : _views[node];
        _random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(view));
        for (var moved = 0; moved < Math.Min(_healing, view.Count); moved++)
        {
            var rest = view.Count - moved;
            var oldest = Oldest(view, rest, lastOfEquals: false);
            (view[oldest], view[rest - 1]) = (view[rest - 1], view[oldest]);
        }

        return [((uint)node, 0), .. view.Take((_viewSize / 2) - 1)];
    }

    private void Merge(int node, List<(uint Handle, int Age)> buffer)
    {
        var view = _views[node];
        foreach (var (handle, age) in buffer)
        {
            var index = IndexOf(view, handle);
            if (index >= 0)
            {
                view[index] = (handle, Math.Min(age, view[index].Age));
            }
            else if (handle != node)
            {
                view.Add((handle, age));
            }
        }

        for (var left = Math.Min(_healing, view.Count - _viewSize); left > 0; left--)
        {
            view.RemoveAt(Oldest(view, view.Count, lastOfEquals: !_defects.HasFlag(Defects.FirstIndexGoesFirst)));
        }

        view.RemoveRange(0, Math.Max(0, Math.Min(_swap, view.Count - _viewSize)));
        while (view.Count > _viewSize)
        {
            view.RemoveAt(_random.Below(view.Count));
        }
    }

    private static int IndexOf(List<(uint Handle, int Age)> view, uint handle)
    {
        var index = view.Count - 1;
        while (index >= 0 && view[index].Handle != handle)
        {
            index--;
        }

        return index;
    }

    private static int Oldest(List<(uint Handle, int Age)> view, int count, bool lastOfEquals)
    {
        var oldest = 0;
        for (var i = 1; i < count; i++)
        {
            var older = lastOfEquals ? view[i].Age >= view[oldest].Age : view[i].Age > view[oldest].Age;
            oldest = older ? i : oldest;
        }

        return oldest;
    }
}
