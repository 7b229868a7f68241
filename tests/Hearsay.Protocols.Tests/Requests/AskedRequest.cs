using System.Text;
using Hearsay.Protocols.Requests;

namespace Hearsay.Protocols.Tests.Requests;

/// <summary>A request that remembers its end.</summary>
internal sealed class AskedRequest(Peer to, byte[] name, byte[] payload, TimeSpan timeout)
    : OutgoingRequest(to, name, payload, timeout)
{
    public int Ends { get; private set; }

    public RequestStatus Status { get; private set; }

    public string Answer { get; private set; } = "";

    public TimeSpan Elapsed { get; private set; }

    public override void Complete(RequestStatus status, ReadOnlySpan<byte> payload, TimeSpan elapsed)
    {
        Ends++;
        (Status, Answer, Elapsed) = (status, Encoding.UTF8.GetString(payload), elapsed);
    }
}
