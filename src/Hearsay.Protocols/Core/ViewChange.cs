using System.Runtime.InteropServices;

namespace Hearsay;

/// <summary>One change of a node's view.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Peer">To whom; the default value for <see cref="ViewChangeKind.Lagged"/>.</param>
/// <param name="Missed">How many changes were dropped before this one; only for <see
/// cref="ViewChangeKind.Lagged"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ViewChange(ViewChangeKind Kind, Peer Peer, long Missed = 0);
