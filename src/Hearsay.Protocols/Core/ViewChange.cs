using System.Runtime.InteropServices;

namespace Hearsay;

/// <summary>A change of a node's view, or a notice that changes were missed. Immutable.</summary>
/// <param name="Kind">The kind of change.</param>
/// <param name="Peer">The peer that changed; the default value for <see cref="ViewChangeKind.Lagged"/>.</param>
/// <param name="Missed">
/// The number of changes that were dropped here; 0 except for <see cref="ViewChangeKind.Lagged"/>.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ViewChange(ViewChangeKind Kind, Peer Peer, long Missed = 0);
