using System.Runtime.InteropServices;
using System.Text;

namespace Hearsay;

/// <summary>The answer to a request. Immutable; you may keep it and pass it to any thread.</summary>
/// <param name="Payload">The payload. It is this answer's own memory.</param>
/// <param name="Elapsed">The time from the request to the answer, the time of the handler included.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PeerResponse(ReadOnlyMemory<byte> Payload, TimeSpan Elapsed)
{
    /// <summary>The payload as text, decoded from UTF-8. Each call allocates a string.</summary>
    public string Text => Encoding.UTF8.GetString(Payload.Span);
}
