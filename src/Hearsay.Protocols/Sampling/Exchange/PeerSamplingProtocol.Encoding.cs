using Hearsay.Protocols.Core;
using Hearsay.Protocols.Node.Guard;
using Hearsay.Protocols.Sampling.Kernels;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>
/// Requests and replies on their way out: what fits one datagram goes as one, the rest over a stream.
/// </summary>
internal sealed partial class PeerSamplingProtocol
{
    private int RequestHead => _node.Envelope.HeadBytes + Frame.HeaderBytes + ExchangeRequest.SizeBytes;
    private int ReplyHead => _node.Envelope.HeadBytes + Frame.HeaderBytes + ExchangeReply.SizeBytes;

    /// <summary>Sends the request of an exchange whose partner and purpose are set.</summary>
    /// <param name="exchange">The exchange; completed here.</param>
    /// <param name="mode">What this node wants.</param>
    /// <param name="partner">What is known of the partner, if it is known.</param>
    private void SendRequest(OutstandingExchange exchange, ExchangeMode mode, PeerInfo? partner)
    {
        var withOwn = (mode & ExchangeMode.Push) != 0;
        (exchange.Mode, exchange.SentCount) = (mode, 0);
        var sent = withOwn ? PrepareRequest(exchange, mode) : 0;
        var own = withOwn ? Descriptor.SizeBytes(_node.Self.Addresses, _node.Self.Metadata.Length) : 0;
        var size = RequestHead + own + SizeOf(_work.Prepared.AsSpan(0, sent));
        var expected = (mode & ExchangeMode.Pull) != 0 ? ExpectedReply(partner) : MinimumReply;
        var kind = Math.Max(size, expected) > _node.Envelope.MaximumDatagramBytes && partner is not null
            ? LinkKind.Stream
            : LinkKind.Datagram;
        var link = new Link(exchange.Address, kind);
        var reason = exchange.Purpose != ExchangePurpose.Cycle && IsContact(exchange.Address)
            ? SendReason.Contact
            : SendReason.Exchange;
        var writer = _node.Begin(link, exchange.Partner, _node.Envelope.MaximumBytes(kind), reason);
        var head = writer.Position - _node.Envelope.HeadBytes;
        var start = Frame.Begin(ref writer, SamplingMessage.Protocol, SamplingMessage.Request);
        exchange.Nonce = _node.NextNonce();
        new ExchangeRequest(exchange.Nonce, exchange.Partner, mode, 0).Write(ref writer);
        var countAt = writer.Position - 1;
        var written = WriteDescriptors(
            ref writer, withOwn, _work.Prepared.AsSpan(0, sent), _work.PreparedAges.AsSpan(0, sent));
        writer.Patch(countAt, (byte)written);
        Frame.End(ref writer, start);
        if (kind == LinkKind.Datagram)
        {
            var generous = expected + ((mode & ExchangeMode.Pull) != 0 ? ExpectedMetadata : 0);
            Frame.Pad(ref writer, Math.Min(generous + head, _node.Envelope.MaximumDatagramBytes));
        }

        Launch(exchange, link, writer.Written, reason);
    }

    /// <summary>Chooses what to push; a joining node has nothing to push but itself.</summary>
    private int PrepareRequest(OutstandingExchange exchange, ExchangeMode mode)
    {
        if (_count == 0 || (mode & ExchangeMode.Join) != 0)
        {
            return 0;
        }

        var view = View;
        var count = ExchangeKernel.Prepare(
            _rules, ref view, answers: false, _work.Prepared, _work.PreparedAges, ref _node.Random);
        _work.Prepared.AsSpan(0, count).CopyTo(exchange.SentRoom);
        exchange.SentCount = count;
        return count;
    }

    /// <summary>A request has gone out.</summary>
    private void NotePushed(OutstandingExchange exchange)
    {
        if (!_rules.Pulls && exchange.Purpose == ExchangePurpose.Cycle)
        {
            exchange.Sent.CopyTo(_lastPushed);
            _lastPushedCount = exchange.SentCount;
        }
    }

    private void Launch(OutstandingExchange exchange, in Link link, Span<byte> packet, SendReason reason)
    {
        var timeout = link.Kind == LinkKind.Stream || exchange.Purpose != ExchangePurpose.Cycle
            ? _options.EffectiveMaximumTimeout
            : _roundTrip.Timeout;
        exchange.SentAt = _node.Now;
        exchange.Deadline = _node.Now + timeout;
        (exchange.IsWaiting, exchange.IsExpired) = (true, false);
        _waitingCount++;
        if (!exchange.IsHeld)
        {
            exchange.Cycle = _cycle;
            _node.Counters.ExchangesStarted++;
        }

        var outcome = _node.Send(link, packet, reason);
        exchange.IsHeld = outcome == SendOutcome.Held;
        if (outcome == SendOutcome.Sent)
        {
            NotePushed(exchange);
        }
    }

    /// <summary>
    /// An address answered for the first time. An exchange that waited for it begins now, and its time-out with it.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="roundTrip">How long its answer took; zero if that is not known.</param>
    public void OnProven(in NodeAddress address, TimeSpan roundTrip)
    {
        foreach (var exchange in _outstanding)
        {
            if (!exchange.IsWaiting || !exchange.IsHeld || exchange.Address != address)
            {
                continue;
            }

            if (roundTrip > TimeSpan.Zero)
            {
                _roundTrip.Measured(roundTrip);
            }

            StopWaiting(exchange);
            PeerInfo? partner = _node.Table.TryFind(exchange.Partner, out var handle) ? _node.Table[handle] : null;
            SendRequest(exchange, exchange.Mode, partner);
        }
    }

    /// <summary>
    /// A request that went to an address is sent again with a proof that it is new: its time-out begins anew, and the
    /// time until its answer is counted from now.
    /// </summary>
    public void OnChallenged(in NodeAddress address)
    {
        foreach (var exchange in _outstanding)
        {
            if (exchange.IsWaiting && !exchange.IsHeld && exchange.Address == address)
            {
                exchange.Deadline += _node.Now - exchange.SentAt;
                exchange.SentAt = _node.Now;
            }
        }
    }

    /// <summary>Writes and sends a reply; all answers to one datagram together are never longer than it.</summary>
    /// <returns>How many of the prepared entries it carries.</returns>
    private int SendReply(
        in Link link,
        ulong nonce,
        bool wrongTarget,
        ReadOnlySpan<uint> handles,
        ReadOnlySpan<ushort> ages,
        bool withOwn)
    {
        var isStream = link.Kind == LinkKind.Stream;
        var writer = _node.BeginAnswer(link, isStream ? _node.Envelope.MaximumStreamBytes : 0);
        var start = Frame.Begin(ref writer, SamplingMessage.Protocol, SamplingMessage.Reply);
        new ExchangeReply(nonce, wrongTarget, link.Address, 0).Write(ref writer);
        if (writer.Failed)
        {
            _node.EndAnswer(link, ref writer);
            return 0;
        }

        var countAt = writer.Position - 1;
        var written = WriteDescriptors(ref writer, withOwn, handles, ages);
        writer.Patch(countAt, (byte)written);
        Frame.End(ref writer, start);
        var carried = Math.Max(0, written - (withOwn ? 1 : 0));
        _node.Counters.AnswersShortened += carried < handles.Length ? 1 : 0;
        _node.EndAnswer(link, ref writer);
        return carried;
    }

    /// <summary>
    /// Writes the own descriptor and others until no more fits; metadata of others only in room to spare.
    /// </summary>
    /// <returns>How many were written, the own one included.</returns>
    private int WriteDescriptors(
        ref WireWriter writer, bool withOwn, ReadOnlySpan<uint> handles, ReadOnlySpan<ushort> ages)
    {
        var written = withOwn ? WriteOwn(ref writer) : 0;
        if (withOwn && written == 0)
        {
            return 0;
        }

        var spare = writer.Room - SizeOf(handles);
        for (var i = 0; i < handles.Length; i++)
        {
            var metadataBytes = _node.Table.MetadataBytesOf(handles[i]);
            var fits = metadataBytes > 0 && metadataBytes + 2 <= spare;
            spare -= fits ? metadataBytes + 2 : 0;
            var mark = writer.Position;
            Describe(handles[i], ages[i], fits).Write(ref writer);
            if (writer.Failed)
            {
                writer.Rewind(mark);
                break;
            }

            written++;
        }

        return written;
    }

    private int WriteOwn(ref WireWriter writer)
    {
        var mark = writer.Position;
        _node.Self.ToDescriptor(withMetadata: true).Write(ref writer);
        if (writer.Failed)
        {
            writer.Rewind(mark);
            _node.Self.ToDescriptor(withMetadata: false).Write(ref writer);
        }

        if (writer.Failed)
        {
            writer.Rewind(mark);
            return 0;
        }

        return 1;
    }

    private Descriptor Describe(uint handle, ushort age, bool withMetadata)
    {
        ref readonly var info = ref _node.Table[handle];
        var presence = info.Metadata is { Length: 0 } ? MetadataPresence.None
            : withMetadata ? MetadataPresence.Included : MetadataPresence.Omitted;
        return new Descriptor(
            info.Id, info.Incarnation, age, info.Addresses, presence, withMetadata ? info.Metadata : default);
    }

    private int SizeOf(ReadOnlySpan<uint> handles)
    {
        var size = 0;
        foreach (var handle in handles)
        {
            size += _node.Table.DescriptorBytesOf(handle);
        }

        return size;
    }

    private int MinimumReply => ReplyHead + Descriptor.SizeBytes(_node.Self.Addresses, 0);

    /// <summary>
    /// How long the reply may become: the partner's own descriptor with its metadata, the others as long as the longest
    /// in this view. Of an unknown partner a full datagram is expected.
    /// </summary>
    private int ExpectedReply(PeerInfo? partner)
    {
        if (partner is not { } info)
        {
            return _node.Envelope.MaximumDatagramBytes;
        }

        var longest = Descriptor.SizeBytes(info.Addresses, 0);
        foreach (var handle in Handles)
        {
            longest = Math.Max(longest, _node.Table.DescriptorBytesOf(handle));
        }

        var metadataBytes = info.Metadata?.Length ?? Descriptor.MaximumMetadataBytes;
        return ReplyHead + Descriptor.SizeBytes(info.Addresses, metadataBytes)
            + ((_rules.MaximumBuffer - 1) * longest);
    }

    /// <summary>
    /// Room for the metadata of the peers in a reply, if they have as much as the one with most in this view.
    /// </summary>
    private int ExpectedMetadata
    {
        get
        {
            var longest = 0;
            foreach (var handle in Handles)
            {
                longest = Math.Max(longest, _node.Table.MetadataBytesOf(handle));
            }

            return longest == 0 ? 0 : (_rules.MaximumBuffer - 1) * (longest + 2);
        }
    }
}
