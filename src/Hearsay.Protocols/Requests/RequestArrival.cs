using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Requests;

/// <summary>A request as it is given to its handler.</summary>
/// <param name="Key">What to answer with.</param>
/// <param name="From">Who asks.</param>
/// <param name="Name">The name of the handler.</param>
/// <param name="Payload">The request. Nobody changes it.</param>
/// <param name="Time">How long the asker waits.</param>
/// <param name="Trace">The trace and the span that ask; null for none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RequestArrival(RequestKey Key, Peer From, string Name, byte[] Payload, TimeSpan Time,
    byte[]? Trace = null);
