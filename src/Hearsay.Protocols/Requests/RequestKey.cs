using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Requests;

/// <summary>The name of a request at its responder.</summary>
/// <param name="Conversation">The random number that the asker drew.</param>
/// <param name="Sequence">The number of the request in it, from 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RequestKey(ulong Conversation, ulong Sequence);
