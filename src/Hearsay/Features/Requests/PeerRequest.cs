using System.Runtime.InteropServices;
using System.Text;

namespace Hearsay;

/// <summary>A request of another node. Immutable; you may keep it and pass it to any thread.</summary>
/// <param name="From">
/// The node that asks, as it names itself. Its address is proven. Its id is proven only if packets are authenticated.
/// </param>
/// <param name="Name">The name of the handler.</param>
/// <param name="Payload">The payload. It is this request's own memory.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PeerRequest(Peer From, string Name, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The payload as text, decoded from UTF-8. Each call allocates a string.</summary>
    public string Text => Encoding.UTF8.GetString(Payload.Span);
}
