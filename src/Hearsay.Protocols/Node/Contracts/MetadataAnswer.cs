using System.Runtime.InteropServices;

namespace Hearsay.Protocols;

/// <summary>
/// What became of a question for the metadata of a peer (<see cref="NodeCore.FetchMetadata"/>). Immutable.
/// </summary>
/// <param name="Id">The id of the peer that was asked.</param>
/// <param name="Incarnation">The incarnation of the peer when it answered; 0 if no answer came.</param>
/// <param name="Metadata">
/// The metadata, at most 256 bytes, which may be empty. It is null if no answer came in time or the question was not
/// sent. The receiver of the answer may keep the array, but must not change it.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MetadataAnswer(NodeId Id, ulong Incarnation, byte[]? Metadata);
