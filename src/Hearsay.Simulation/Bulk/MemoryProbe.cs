using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>
/// What the memory of a machine allows: for each node, read and write its view of 240 bytes and that of one random
/// node, and nothing else; one thread, plain pages, no prefetch. Rates of engines are shares of its rate.
/// </summary>
/// <remarks>
/// Whole vectors are moved, as a compiler does with such a loop in C: word by word, a step is so many instructions that
/// the processor cannot begin the next one while it waits for memory, and the rate is a third. Not thread safe.
/// </remarks>
public sealed unsafe class MemoryProbe : IDisposable
{
    private const int BytesPerView = 240;

    private readonly int _nodes;
    private byte* _views;
    private ulong _seed;

    /// <summary>A probe of so many views, touched once.</summary>
    /// <param name="nodes">How many, at least 1.</param>
    public MemoryProbe(int nodes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        _nodes = nodes;
        _views = (byte*)NativeMemory.AllocZeroed((nuint)nodes, BytesPerView);
        Run();
    }

    /// <summary>Memory that is not disposed of is freed with the object.</summary>
    ~MemoryProbe() => NativeMemory.Free(_views);

    /// <summary>One pass: as many steps as there are nodes. The first one after the constructor is like any
    /// other.</summary>
    /// <exception cref="ObjectDisposedException">The memory is gone.</exception>
    public void Run()
    {
        ObjectDisposedException.ThrowIf(_views is null, this);
        var random = new SeededRandom(_seed++);
        for (var node = 0; node < _nodes; node++)
        {
            Touch(View(node), View(random.Below(_nodes)));
        }
    }

    /// <summary>How often the views were read and written so far: every step counts in two of them.</summary>
    internal ulong CountTouches()
    {
        var sum = 0UL;
        for (var node = 0; node < _nodes; node++)
        {
            sum += *(ulong*)View(node);
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

    private byte* View(int node) => _views + ((nuint)(uint)node * BytesPerView);

    private static void Touch(byte* own, byte* other)
    {
        for (var i = 0; i < BytesPerView - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            (Vector256.Load((ulong*)(own + i)) + Vector256<ulong>.One).Store((ulong*)(own + i));
            (Vector256.Load((ulong*)(other + i)) + Vector256<ulong>.One).Store((ulong*)(other + i));
        }

        // 240 bytes are seven vectors and a half.
        const int last = BytesPerView - 16;
        (Vector128.Load((ulong*)(own + last)) + Vector128<ulong>.One).Store((ulong*)(own + last));
        (Vector128.Load((ulong*)(other + last)) + Vector128<ulong>.One).Store((ulong*)(other + last));
    }
}
