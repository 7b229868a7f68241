using System.Runtime.InteropServices;

namespace Hearsay;

/// <summary>
/// An event that a protocol of the application has published, or a notice that events were missed. Immutable.
/// </summary>
/// <param name="Protocol">The id of the protocol; 0 if this is a notice.</param>
/// <param name="Happened">The event that the protocol published; null if this is a notice.</param>
/// <param name="Missed">
/// The number of events that were dropped because the reader was too slow; 0 if this is an event.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ProtocolEvent(byte Protocol, object? Happened, long Missed = 0);
