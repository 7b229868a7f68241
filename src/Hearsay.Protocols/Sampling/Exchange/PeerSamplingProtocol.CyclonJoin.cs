using Hearsay.Protocols.Node.Guard;
using Hearsay.Protocols.Node.Peers;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>
/// Cyclon's join (JNSM 2005, section 3): random walks begin at the contact; where one ends, an entry gives way to the
/// newcomer and goes to it, so that in-degrees are kept. The newcomer sends each walk to its contact itself, once that
/// has answered: where a walk goes on, one datagram goes out for one that came.
/// </summary>
internal sealed partial class PeerSamplingProtocol
{
    /// <summary>Steps of a walk; the paper takes about the average path length.</summary>
    private const byte WalkHops = 5;

    /// <summary>
    /// The length of every walk: no gift is longer, so where a walk ends no more is sent than came.
    /// </summary>
    private int WalkBytes => _node.Envelope.HeadBytes + Frame.HeaderBytes + 1 + LongestBareDescriptor;

    /// <summary>As many as half of a datagram had room for, when contacts began the walks.</summary>
    private const int WalksPerContact = 6;

    /// <summary>With both addresses and no metadata.</summary>
    private const int LongestBareDescriptor = 1 + 27 + 6 + 18;

    /// <summary>The cycle in which walks were last counted.</summary>
    private long _walkCycle;

    /// <summary>Walks handled in that cycle.</summary>
    private int _walks;

    /// <summary>Until when a gift can be the end of a walk that this node's own joining began.</summary>
    private Instant _giftsUntil = new(long.MinValue);

    /// <summary>The contact answered: the walks that bring this node into the views of others begin there.</summary>
    private void StartWalks(in NodeAddress contact, NodeId id)
    {
        for (var i = Math.Min(WalksPerContact, _rules.ViewSize); i > 0; i--)
        {
            SendWalk(contact, id, _node.Self.ToDescriptor(withMetadata: false), WalkHops, SendReason.Contact);
        }
    }

    private DropReason OnWalk(ref WireReader reader)
    {
        var hops = reader.ReadByte();
        if (!Descriptor.TryRead(ref reader, out var newcomer) || hops > WalkHops)
        {
            return DropReason.Malformed;
        }

        if (_rules.Form != ExchangeForm.Cyclon)
        {
            return DropReason.UnknownType;
        }

        if (!MayWalk())
        {
            return DropReason.Throttled;
        }

        if (newcomer.Id != _node.Self.Id)
        {
            Walk(newcomer, hops);
        }

        return DropReason.None;
    }

    private bool MayWalk()
    {
        (_walkCycle, _walks) = _walkCycle == _cycle ? (_cycle, _walks + 1) : (_cycle, 1);
        return _walks <= 8 * _rules.ViewSize;
    }

    private void Walk(in Descriptor newcomer, byte hops)
    {
        if (hops == 0 || _count == 0)
        {
            Welcome(newcomer);
            return;
        }

        var next = _handles[_node.Random.Below(_count)];
        SendWalk(RouteOf(next), _node.Table[next].Id, WithoutMetadata(newcomer), (byte)(hops - 1), SendReason.OnBehalf);
    }

    private void SendWalk(in NodeAddress to, NodeId id, in Descriptor newcomer, byte hops, SendReason reason)
    {
        var link = new Link(to, LinkKind.Datagram);
        var writer = _node.Begin(link, id, WalkBytes, reason);
        var start = Frame.Begin(ref writer, SamplingMessage.Protocol, SamplingMessage.Walk);
        writer.WriteByte(hops);
        newcomer.Write(ref writer);
        Frame.End(ref writer, start);
        Frame.Pad(ref writer, WalkBytes);
        _node.Send(link, writer.Written, reason);
    }

    private static Descriptor WithoutMetadata(Descriptor descriptor) => new(
        descriptor.Id,
        descriptor.Incarnation,
        descriptor.AgeCycles,
        descriptor.Addresses,
        descriptor.Presence == MetadataPresence.Included ? MetadataPresence.Omitted : descriptor.Presence,
        default);

    /// <summary>A walk ends here: the newcomer comes in, and a random entry goes to it in exchange.</summary>
    private void Welcome(in Descriptor newcomer)
    {
        if (TryAdmit(newcomer, out var handle) != DropReason.None
            || handle == PeerTable.NoHandle || View.IndexOf(handle) >= 0)
        {
            return;
        }

        _node.Table.Pin(handle);
        if (_count < _rules.ViewSize)
        {
            SendGift(newcomer, _node.Self.ToDescriptor(withMetadata: false));
            var view = View;
            view.Append(handle, 0);
            _count = view.Count;
            ViewChanged = true;
            return;
        }

        var slot = _node.Random.Below(_count);
        var given = _handles[slot];
        SendGift(newcomer, Describe(given, _ages[slot], withMetadata: false));
        (_handles[slot], _ages[slot]) = (handle, 0);
        _node.Table.Unpin(given);
        ViewChanged = true;
    }

    private void SendGift(in Descriptor newcomer, in Descriptor gift)
    {
        var link = new Link(_node.Routes.To(newcomer.Id, newcomer.Addresses), LinkKind.Datagram);
        var writer = _node.Begin(link, newcomer.Id, WalkBytes, SendReason.OnBehalf);
        var start = Frame.Begin(ref writer, SamplingMessage.Protocol, SamplingMessage.Gift);
        gift.Write(ref writer);
        Frame.End(ref writer, start);
        _node.Send(link, writer.Written, SendReason.OnBehalf);
    }

    private DropReason OnGift(ref WireReader reader)
    {
        if (!Descriptor.TryRead(ref reader, out var gift))
        {
            return DropReason.Malformed;
        }

        if (_rules.Form != ExchangeForm.Cyclon || _count >= _rules.ViewSize || _node.Now > _giftsUntil)
        {
            return DropReason.Unsolicited;
        }

        var refused = TryAdmit(gift, out var handle);
        if (refused != DropReason.None || handle == PeerTable.NoHandle || View.IndexOf(handle) >= 0)
        {
            return refused;
        }

        _node.Table.Pin(handle);
        var view = View;
        view.Append(handle, gift.AgeCycles);
        _count = view.Count;
        ViewChanged = true;
        if (_count == 1)
        {
            OnJoined();
        }

        return DropReason.None;
    }
}
