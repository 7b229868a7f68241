using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Rumors;

/// <summary>What one node's contacts of one cycle meant for one rumor.</summary>
/// <param name="Contacts">Times it was told, whatever came of it.</param>
/// <param name="Useful">Times somebody learned it.</param>
/// <param name="Useless">Times the other side knew it already.</param>
/// <param name="Higher">Median counter: partners whose counter was not lower.</param>
/// <param name="Lower">Median counter: partners whose counter was lower.</param>
/// <param name="MetFinal">Median counter: whether a partner was in the final state.</param>
[StructLayout(LayoutKind.Auto)]
internal record struct RumorTally(
    ushort Contacts, ushort Useful, ushort Useless, ushort Higher, ushort Lower, bool MetFinal);
