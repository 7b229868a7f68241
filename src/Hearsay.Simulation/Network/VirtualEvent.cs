using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hearsay.Simulation.Network;

/// <summary>
/// Something that will happen to a node: a packet, contacts that were resolved, or a moment it waits for.
/// </summary>
/// <param name="At">When, in ticks of the network.</param>
/// <param name="Number">Orders events of one moment; no two are equal.</param>
/// <param name="Node">The index of the node.</param>
/// <param name="Life">The life of the node it belongs to: what was meant for an earlier one is dropped.</param>
/// <param name="Packet">The packet's place in the pool, or <see cref="Due"/> or <see cref="Contacts"/>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct VirtualEvent(long At, long Number, int Node, int Life, int Packet)
{
    /// <summary>No packet: the node is due.</summary>
    public const int Due = -1;

    /// <summary>No packet: the node's contacts were resolved.</summary>
    public const int Contacts = -2;

    /// <summary>Whether this comes first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsBefore(in VirtualEvent other) =>
        At < other.At || (At == other.At && Number < other.Number);
}
