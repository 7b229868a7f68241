using System.Runtime.InteropServices;

namespace Hearsay.Simulation.Checks;

/// <summary>An entry of a view or a descriptor of a message.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct SeenEntry(NodeId Id, int Age, ulong Incarnation, NodeAddress Address)
{
    /// <summary>
    /// Of a descriptor sent: the handle it was sent under. A peer that is forgotten and met again gets another, and no
    /// longer counts as sent.
    /// </summary>
    public uint Handle { get; set; }
}
