using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>A question for a peer's metadata that was not answered yet.</summary>
/// <param name="Nonce">Ties the answer to the question.</param>
/// <param name="Id">Whose metadata.</param>
/// <param name="Addresses">Where the peer is said to be.</param>
/// <param name="Asked">Which of them was asked.</param>
/// <param name="Patience">How long it waits for an answer.</param>
/// <param name="Deadline">When it is given up.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MetadataFetch(
    ulong Nonce, NodeId Id, NodeAddresses Addresses, NodeAddress Asked, TimeSpan Patience, Instant Deadline);
