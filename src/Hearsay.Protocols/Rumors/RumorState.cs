using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Rumors;

/// <summary>All that a node remembers of a rumor between two cycles, but for its text.</summary>
/// <param name="Phase">Unknown, fresh, hot or removed.</param>
/// <param name="Counter">
/// Unnecessary cycles in a row; with the median counter m of B_m, and above k the rounds in the final state C.
/// </param>
/// <param name="Age">The cycles since its origin told it first, as it was carried along.</param>
[StructLayout(LayoutKind.Auto)]
internal record struct RumorState(RumorPhase Phase, byte Counter, ushort Age)
{
    /// <summary>Whether the node knew it when the cycle began: the state on which contacts are judged.</summary>
    public readonly bool Knew => Phase >= RumorPhase.Hot;
}
