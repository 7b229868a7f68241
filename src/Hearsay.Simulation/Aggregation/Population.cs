using System.Runtime.CompilerServices;
using Hearsay.Protocols;

namespace Hearsay.Simulation.Aggregation;

/// <summary>Which nodes of a bulk run live, and which of them take part in the epoch.</summary>
internal sealed class Population
{
    private const ulong CrashPurpose = 0x4352_4153;

    /// <summary>The live nodes, in any order; the first <see cref="Count"/>.</summary>
    private readonly int[] _live;
    private readonly bool[] _waits;
    private bool _changed;

    public Population(int nodes)
    {
        NodeCount = nodes;
        Count = nodes;
        _live = new int[nodes];
        _waits = new bool[nodes];
        for (var node = 0; node < nodes; node++)
        {
            _live[node] = node;
        }
    }

    /// <summary>Slots: indexes go from 0 to one less.</summary>
    public int NodeCount { get; }

    /// <summary>Nodes that live.</summary>
    public int Count { get; private set; }

    /// <summary>Nodes that live but wait for the next epoch.</summary>
    public int Waiting { get; private set; }

    /// <summary>The live node at a position from 0 to <see cref="Count"/> - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int At(int position) => _changed ? _live[position] : position;

    /// <summary>Whether a live node waits for the next epoch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Waits(int node) => Waiting > 0 && _waits[node];

    /// <summary>Crashes a share of the live nodes, uniformly; replaced ones wait.</summary>
    public void Crash(double share, bool replace, ulong seed, int cycle)
    {
        var dying = (int)Math.Round(share * Count);
        if (dying == 0)
        {
            return;
        }

        var random = SeededRandom.For(seed, 0, (ulong)cycle, CrashPurpose);
        for (var left = Count; dying > 0; dying--)
        {
            // What was chosen goes behind the rest, so that nobody is chosen twice.
            var chosen = random.Below(left--);
            (_live[chosen], _live[left]) = (_live[left], _live[chosen]);
            var node = _live[left];
            if (replace)
            {
                Waiting += _waits[node] ? 0 : 1;
                _waits[node] = true;
            }
            else
            {
                Count--;
            }
        }

        _changed = true;
    }

    /// <summary>Takes over who lives from an overlay; nobody comes back.</summary>
    public void Follow(ICycleEngine overlay)
    {
        for (var position = Count - 1; position >= 0; position--)
        {
            if (!overlay.IsAlive(_live[position]))
            {
                Count--;
                (_live[position], _live[Count]) = (_live[Count], _live[position]);
                _changed = true;
            }
        }
    }

    /// <summary>A new epoch: whoever waited takes part.</summary>
    public void Admit()
    {
        Array.Clear(_waits);
        Waiting = 0;
    }
}
