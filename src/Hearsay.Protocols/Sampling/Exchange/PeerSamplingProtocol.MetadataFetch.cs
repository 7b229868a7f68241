using Hearsay.Protocols.Node.Guard;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>
/// Metadata that did not fit beside a descriptor is fetched from its owner when somebody asks for it.
/// </summary>
internal sealed partial class PeerSamplingProtocol
{
    /// <summary>Fetches at a time; more are refused, and whoever asked is told at once.</summary>
    public const int MaximumFetches = 16;

    private const int MetadataHeadBytes = 18;

    /// <summary>The length of a request is that of the longest answer.</summary>
    private int LongestMetadata =>
        _node.Envelope.HeadBytes + Frame.HeaderBytes + MetadataHeadBytes + Descriptor.MaximumMetadataBytes;

    /// <summary>Made at the first question: most nodes never ask one, and it is 1.4 kB.</summary>
    private MetadataFetch[] _fetches = [];
    private int _fetchCount;

    private Instant NextFetchDue
    {
        get
        {
            var due = Instant.Never;
            for (var i = 0; i < _fetchCount; i++)
            {
                due = Instant.Min(due, _fetches[i].Deadline);
            }

            return due;
        }
    }

    /// <summary>Asks a peer for its metadata; the driver is told what becomes of it.</summary>
    public void FetchMetadata(NodeId id, in NodeAddresses addresses, int earlierTries)
    {
        var route = _node.Routes.To(id, addresses);
        if (!_started || _left || _fetchCount == MaximumFetches || route.IsNone)
        {
            _node.Driver.OnMetadata(new MetadataAnswer(id, 0, null));
            return;
        }

        SendFetch(id, addresses, route, PatienceOf(earlierTries));
    }

    /// <summary>
    /// An address that has never answered is sent one small packet a cycle, when there is something to send, and a
    /// question waits for the answer to that. So after a second try within the cycle there is one in each cycle.
    /// </summary>
    private TimeSpan PatienceOf(int earlierTries)
    {
        var least = _options.EffectiveMaximumTimeout;
        var patience = earlierTries switch
        {
            0 => least,
            1 => _options.CycleTime - least,
            _ => _options.CycleTime,
        };
        return patience > least ? patience : least;
    }

    private void SendFetch(NodeId id, in NodeAddresses addresses, in NodeAddress route, TimeSpan patience)
    {
        var nonce = _node.NextNonce();
        _fetches = _fetches.Length == 0 ? new MetadataFetch[MaximumFetches] : _fetches;
        _fetches[_fetchCount++] = new MetadataFetch(nonce, id, addresses, route, patience, _node.Now + patience);
        var link = new Link(route, LinkKind.Datagram);
        var writer = _node.Begin(link, id, LongestMetadata, SendReason.Message);
        var start = Frame.Begin(ref writer, SamplingMessage.Protocol, SamplingMessage.MetadataRequest);
        writer.WriteUInt64(nonce);
        writer.WriteNodeId(id);
        Frame.End(ref writer, start);
        Frame.Pad(ref writer, LongestMetadata);
        _node.Send(link, writer.Written, SendReason.Message);
    }

    private DropReason OnMetadataRequest(in Link link, ref WireReader reader)
    {
        var nonce = reader.ReadUInt64();
        var expected = reader.ReadNodeId();
        var self = _node.Self;
        if (reader.Failed)
        {
            return DropReason.Malformed;
        }

        if (expected != self.Id)
        {
            return DropReason.Unsolicited;
        }

        var writer = _node.BeginAnswer(link, LongestMetadata);
        var start = Frame.Begin(ref writer, SamplingMessage.Protocol, SamplingMessage.Metadata);
        writer.WriteUInt64(nonce);
        writer.WriteUInt64(self.Incarnation);
        writer.WriteUInt16((ushort)self.Metadata.Length);
        writer.WriteBytes(self.Metadata);
        Frame.End(ref writer, start);
        _node.EndAnswer(link, ref writer);
        return DropReason.None;
    }

    private DropReason OnMetadata(NodeId sender, ref WireReader reader)
    {
        var nonce = reader.ReadUInt64();
        var incarnation = reader.ReadUInt64();
        var length = reader.ReadUInt16();
        var metadata = reader.ReadBytes(length);
        if (reader.Failed || length > Descriptor.MaximumMetadataBytes)
        {
            return DropReason.Malformed;
        }

        for (var i = 0; i < _fetchCount; i++)
        {
            if (_fetches[i].Nonce == nonce && _fetches[i].Id == sender)
            {
                _node.Routes.Answered(sender, _fetches[i].Addresses, _fetches[i].Asked);
                _fetches[i] = _fetches[--_fetchCount];
                var bytes = metadata.ToArray();
                if (_node.Table.Complete(sender, incarnation, bytes))
                {
                    ViewChanged = true;
                }

                _node.Driver.OnMetadata(new MetadataAnswer(sender, incarnation, bytes));
                return DropReason.None;
            }
        }

        return DropReason.Unsolicited;
    }

    private void ExpireFetches()
    {
        for (var i = _fetchCount - 1; i >= 0; i--)
        {
            if (_node.Now >= _fetches[i].Deadline)
            {
                var late = _fetches[i];
                _fetches[i] = _fetches[--_fetchCount];
                if (_node.Routes.Unanswered(late.Id, late.Addresses, late.Asked) is { IsNone: false } other)
                {
                    SendFetch(late.Id, late.Addresses, other, late.Patience);
                    continue;
                }

                _node.Driver.OnMetadata(new MetadataAnswer(late.Id, 0, null));
            }
        }
    }
}
