using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hearsay.Protocols;

namespace Hearsay.Simulation.Cycles;

/// <summary>
/// The order of the nodes in a cycle: position times a random step plus a random offset, modulo the number of nodes. A
/// new one in every cycle, without an array to shuffle, and neighbours in a lattice are far apart in it.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct NodeOrder
{
    private const ulong OrderPurpose = 2;

    private readonly uint _nodes;
    private readonly uint _step;
    private uint _next;

    public NodeOrder(ulong seed, int cycle, int nodes)
    {
        var random = SeededRandom.For(seed, 0, (ulong)cycle, OrderPurpose);
        _nodes = (uint)nodes;
        _next = (uint)random.Below(nodes);
        do
        {
            _step = (uint)random.Below(nodes);
        }
        while (GreatestCommonDivisor(_step, _nodes) != 1);
    }

    /// <summary>The next node; every node once in as many calls as there are nodes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next()
    {
        // Without a branch: which way it goes is a coin, and a wrong guess costs as much as a short turn.
        var node = _next;
        var next = (long)node + _step - _nodes;
        _next = (uint)(next + (_nodes & (next >> 63)));
        return (int)node;
    }

    private static uint GreatestCommonDivisor(uint left, uint right)
    {
        while (right != 0)
        {
            (left, right) = (right, left % right);
        }

        return left;
    }
}
