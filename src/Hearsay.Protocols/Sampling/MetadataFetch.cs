using System.Runtime.InteropServices;

namespace Hearsay.Protocols;

/// <summary>A question for a peer's metadata that was not answered yet.</summary>
/// <param name="Nonce">Ties the answer to the question.</param>
/// <param name="Id">Whose metadata.</param>
/// <param name="Deadline">When it is given up.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MetadataFetch(ulong Nonce, NodeId Id, Instant Deadline);
