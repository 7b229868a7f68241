using Hearsay.Protocols.Rumors;

namespace Hearsay.Protocols.Tests.Composition;

/// <summary>
/// A small protocol as a user would write it: rumors are pushed to one peer per second and acknowledged.
/// </summary>
internal sealed class RumorProtocol(byte id = 150) : IProtocol
{
    public const byte Rumor = 1;
    public const byte Acknowledgement = 2;

    private readonly List<byte[]> _known = [];

    public byte Id => id;

    public int Acknowledged { get; private set; }

    public int ViewChanges { get; private set; }

    /// <summary>Makes every handler throw.</summary>
    public bool IsBroken { get; set; }

    public bool? LongReply { get; private set; }

    public bool? SentNowhere { get; private set; }

    public List<long> Tokens { get; } = [];

    public void Start(IProtocolContext context)
    {
        Break();
        context.Schedule(TimeSpan.FromSeconds(1), 1);
    }

    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        Break();
        if (type == Acknowledgement)
        {
            Acknowledged++;
            return;
        }

        Learn(context, body.ToArray());
        LongReply = context.Reply(Acknowledgement, new byte[body.Length + 1]);
        context.Reply(Acknowledgement, body[..1]);
    }

    public void OnDue(IProtocolContext context, long token)
    {
        Break();
        Tokens.Add(token);
        context.Schedule(TimeSpan.FromSeconds(1), token + 1);
        foreach (var rumor in _known)
        {
            if (context.Peers.TryGetPeer(out var peer))
            {
                context.Send(peer, Rumor, rumor);
            }
        }
    }

    public void OnViewChange(IProtocolContext context, in ViewChange change)
    {
        ViewChanges++;
        Break();
    }

    public void OnCommand(IProtocolContext context, object command)
    {
        Break();
        SentNowhere = context.Send(default, Rumor, [1]);
        Learn(context, (byte[])command);
    }

    private void Learn(IProtocolContext context, byte[] rumor)
    {
        if (!_known.Any(k => k.AsSpan().SequenceEqual(rumor)))
        {
            _known.Add(rumor);
            context.Publish(rumor);
        }
    }

    private void Break()
    {
        if (IsBroken)
        {
            throw new InvalidOperationException("broken on purpose");
        }
    }
}
