using System.Runtime.InteropServices;
using Hearsay.Protocols;

namespace Hearsay.Simulation.Checks;

/// <summary>An address that did not answer.</summary>
/// <param name="At">When it last did not, on the node's clock.</param>
/// <param name="InARow">How often, as far as seen.</param>
/// <param name="TimeOuts">How many time-outs the node had had by then: a bounded memory forgets.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SeenFailure(Instant At, int InARow, long TimeOuts);
