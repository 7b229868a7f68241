using System.Text;
using Hearsay;
using Hearsay.Protocols;

namespace CustomProtocol;

/// <summary>
/// A rumor that everybody passes on a few times. Who hears one it did not know tells the application and sends it to
/// random peers, once per beat, until it has done so often enough.
/// </summary>
/// <remarks>
/// No socket, clock or thread: time and chance come from the context, so the same class runs live and simulated. Real
/// networks want Hearsay's own dissemination; this one forgets nothing and repairs nothing.
/// </remarks>
internal sealed class RumorProtocol : IProtocol
{
    private const byte Rumor = 1;
    private const int TimesToTell = 4;
    private const int MaximumRumors = 100;
    private const int MaximumBytes = 500;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<string, int> _timesLeft = [];

    public byte Id => 128;

    public int Heard => _timesLeft.Count;

    public void Start(IProtocolContext context)
    {
    }

    public void OnCommand(IProtocolContext context, object command) => Hear(context, (string)command);

    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        // Anything at all may be in a frame: check before use.
        if (type == Rumor && body.Length is > 0 and <= MaximumBytes)
        {
            Hear(context, Encoding.UTF8.GetString(body));
        }
    }

    public void OnDue(IProtocolContext context, long token)
    {
        foreach (var (text, timesLeft) in _timesLeft)
        {
            if (timesLeft > 0 && context.Peers.TryGetPeer(out var peer))
            {
                context.Send(peer, Rumor, Encoding.UTF8.GetBytes(text));
                _timesLeft[text] = timesLeft - 1;
            }
        }

        if (_timesLeft.Values.Any(static times => times > 0))
        {
            context.Schedule(Beat, 0);
        }
    }

    private void Hear(IProtocolContext context, string text)
    {
        if (_timesLeft.Count < MaximumRumors && _timesLeft.TryAdd(text, TimesToTell))
        {
            context.Publish(text);
            context.Schedule(TimeSpan.Zero, 0);
        }
    }
}
