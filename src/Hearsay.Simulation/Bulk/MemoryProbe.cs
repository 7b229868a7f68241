using System.Runtime.InteropServices;
using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>
/// What the memory of a machine allows: for each node, read and write its view of 240 bytes and that of one random
/// node, and nothing else; one thread, plain pages, no prefetch. Rates of engines are shares of its rate.
/// </summary>
public sealed unsafe class MemoryProbe : IDisposable
{
    private const int Words = 30;

    private readonly int _nodes;
    private ulong* _views;
    private ulong _seed;

    /// <summary>A probe of so many views, touched once.</summary>
    /// <param name="nodes">How many.</param>
    public MemoryProbe(int nodes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        _nodes = nodes;
        _views = (ulong*)NativeMemory.AllocZeroed((nuint)nodes * Words, sizeof(ulong));
        Run();
    }

    /// <summary>Memory that is not disposed of is freed with the object.</summary>
    ~MemoryProbe() => NativeMemory.Free(_views);

    /// <summary>One pass: as many steps as there are nodes.</summary>
    /// <returns>A sum, so that no step can be left out.</returns>
    public ulong Run()
    {
        var random = new SeededRandom(_seed++);
        var sum = 0UL;
        for (var node = 0; node < _nodes; node++)
        {
            var own = _views + ((nuint)(uint)node * Words);
            var other = _views + ((nuint)(uint)random.Below(_nodes) * Words);
            for (var i = 0; i < Words; i++)
            {
                sum += own[i]++ + other[i]++;
            }
        }

        return sum;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        NativeMemory.Free(_views);
        _views = null;
        GC.SuppressFinalize(this);
    }
}
