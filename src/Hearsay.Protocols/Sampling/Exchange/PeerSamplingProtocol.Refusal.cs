using Hearsay.Protocols.Core;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>
/// Requests that are not answered but refused with a reason, where silence would leave the asker in the dark: a
/// misspelt cluster, an id that is taken. A refusal is shorter than any request, answers nothing but requests, and is
/// believed only with the nonce of one that waits: it can neither be multiplied nor sent in circles nor forged by who
/// does not see the request.
/// </summary>
internal sealed partial class PeerSamplingProtocol
{
    private int RefusalBytes => _node.Envelope.HeadBytes + Frame.HeaderBytes + ExchangeRefusal.SizeBytes;

    private WideningPace _refusingStrangers = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    private WideningPace _tellingOfCluster = new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));

    /// <summary>Whether a contact refused this node since it began to join.</summary>
    private bool _wasRefused;

    /// <summary>A packet of another cluster came: if it asks for an exchange, it is told whom it has met.</summary>
    /// <param name="link">Where from.</param>
    /// <param name="packet">The whole packet; its envelope was checked up to the label.</param>
    public void RefuseStranger(in Link link, ReadOnlySpan<byte> packet)
    {
        if (!_started || _left)
        {
            return;
        }

        var frames = new WireReader(packet[Envelope.SizeBytes..]);
        if (TryFindRequest(ref frames, out var nonce) && _refusingStrangers.TryTake(_node.Now))
        {
            SendRefusal(link, nonce, RefusalReason.OtherCluster, Envelope.LabelIn(packet));
        }
    }

    /// <summary>The nonce of the first request; before it stands what proves addresses.</summary>
    private static bool TryFindRequest(ref WireReader frames, out ulong nonce)
    {
        nonce = 0;
        while (Frame.TryRead(ref frames, out var protocol, out var type, out var body))
        {
            if (protocol == SamplingMessage.Protocol && type == SamplingMessage.Request)
            {
                var reader = new WireReader(body);
                nonce = ExchangeRequest.Read(ref reader).Nonce;
                return !reader.Failed;
            }
        }

        return false;
    }

    private void SendRefusal(in Link link, ulong nonce, RefusalReason reason, ulong label)
    {
        var writer = _node.BeginAnswer(link, RefusalBytes);
        var start = Frame.Begin(ref writer, SamplingMessage.Protocol, SamplingMessage.Refusal);
        new ExchangeRefusal(nonce, reason, _node.Now - _startedAt).Write(ref writer);
        Frame.End(ref writer, start);
        _node.EndAnswer(link, ref writer, label);
    }

    private DropReason OnRefusal(NodeId sender, ref WireReader reader)
    {
        var refusal = ExchangeRefusal.Read(ref reader);
        if (reader.Failed)
        {
            return DropReason.Malformed;
        }

        if (Find(refusal.Nonce) is not { } exchange
            || (refusal.Reason == RefusalReason.SameId && sender != _node.Self.Id))
        {
            return DropReason.Unsolicited;
        }

        switch (refusal.Reason)
        {
            case RefusalReason.OtherCluster:
                _wasRefused = true;
                if (_tellingOfCluster.TryTake(_node.Now))
                {
                    _node.Driver.Notify(new NodeNotice(NodeNoticeKind.RefusedByCluster, Address: exchange.Address));
                }

                break;
            case RefusalReason.SameId:
                MeetNamesake(exchange, refusal.Uptime);
                break;
            default:
                return DropReason.UnknownType;
        }

        EndRefused(exchange);
        return DropReason.None;
    }

    /// <summary>Nobody to exchange with is there, as after a time-out, and that is known at once.</summary>
    private void EndRefused(OutstandingExchange exchange)
    {
        var waited = exchange.IsWaiting;
        StopWaiting(exchange);
        exchange.IsExpired = false;
        _node.Counters.ExchangesMisdirected++;
        if (exchange.Purpose == ExchangePurpose.Cycle && waited)
        {
            _quarantine.Failed(exchange.Address, _node.Now);
            Evict(exchange.Partner, exchange.Address);
            TryAnother(exchange);
        }
    }
}
