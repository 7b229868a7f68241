using System.Runtime.InteropServices;

namespace Hearsay;

/// <summary>Something a protocol of the application published.</summary>
/// <param name="Protocol">The protocol's id; 0 if events were missed.</param>
/// <param name="Happened">What it published; null if events were missed.</param>
/// <param name="Missed">How many events were dropped here because the reader was too slow.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ProtocolEvent(byte Protocol, object? Happened, long Missed = 0);
