using Hearsay.Protocols.Core;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Requests;

/// <summary>
/// The requests of this node: they are repeated until something comes back, asked about until the answer comes, and
/// each ends exactly once.
/// </summary>
internal sealed class RequestAsker(RequestOptions options, RequestCounters counters)
{
    /// <summary>Peers that this node has conversations with. The one not used for longest is forgotten.</summary>
    private const int MostConversations = 1_024;

    /// <summary>Copies or polls in a row without an answer, before a request is given up.</summary>
    private const int MostTries = 4;

    /// <summary>What a responder may take before it says that it is working, and then some.</summary>
    private static readonly TimeSpan Slack = RequestResponder.Silence + TimeSpan.FromMilliseconds(25);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Dictionary<NodeId, OutgoingConversation> _byPeer = [];
    private readonly Dictionary<ulong, OutgoingConversation> _byId = [];
    private readonly RoundTripEstimator _roundTrips = new(TimeSpan.FromMilliseconds(50), LongestPause);
    private int _outstanding;

    /// <summary>When something is due.</summary>
    public Instant Due { get; private set; } = Instant.Never;

    /// <summary>How many requests wait for an answer.</summary>
    public int Outstanding => _outstanding;

    /// <summary>The application asks.</summary>
    public void Ask(IProtocolContext context, OutgoingRequest request)
    {
        counters.Asked++;
        request.BeganAt = context.Now;
        if (_outstanding >= options.MaximumOutstanding || !TryBegin(context, request))
        {
            counters.Rejected++;
            request.Complete(RequestStatus.TooMany, [], TimeSpan.Zero);
            return;
        }

        _outstanding++;
        request.Pause = _roundTrips.Smoothed > TimeSpan.Zero ? _roundTrips.Timeout + Slack : FirstPause;
        Send(context, request);
    }

    /// <summary>The application does not wait any more.</summary>
    public void Cancel(IProtocolContext context, OutgoingRequest request)
    {
        if (request.Conversation is null)
        {
            return;
        }

        counters.Cancelled++;
        TellCancelled(context, request);
        Remove(context, request);
    }

    /// <summary>An answer.</summary>
    public void OnAnswer(IProtocolContext context, ref WireReader reader)
    {
        if (!TryFind(context, ref reader, out var request, out var status))
        {
            return;
        }

        if (status == RequestStatus.Forgotten && !request.IsTaken && request.Tries == 1
            && TryBeginAnew(context, request))
        {
            return;
        }

        if (status is RequestStatus.Answered)
        {
            counters.Answered++;
        }
        else if (status is RequestStatus.Forgotten)
        {
            counters.Unanswered++;
        }
        else
        {
            counters.Rejected++;
        }

        End(context, request, status, reader.Rest);
    }

    /// <summary>The responder has the request and works on it.</summary>
    public void OnWorking(IProtocolContext context, ref WireReader reader)
    {
        if (!TryFind(context, ref reader, out var request, out _, hasStatus: false))
        {
            return;
        }

        request.Pause = request.IsTaken ? request.Pause : _roundTrips.Timeout + Slack;
        (request.IsTaken, request.Tries) = (true, 0);
        request.RepeatAt = Instant.Min(context.Now + request.Pause, request.Deadline);
        Due = Instant.Min(Due, request.RepeatAt);
    }

    /// <summary>Repeats and asks, and gives up.</summary>
    public void OnDue(IProtocolContext context)
    {
        if (context.Now < Due)
        {
            return;
        }

        Due = Instant.Never;
        foreach (var conversation in _byId.Values)
        {
            for (var i = conversation.Count - 1; i >= 0; i--)
            {
                OnDue(context, conversation[i]);
            }
        }
    }

    private void OnDue(IProtocolContext context, OutgoingRequest request)
    {
        if (context.Now >= request.Deadline
            || (request.Tries >= MostTries && context.Now >= request.RepeatAt))
        {
            counters.Unanswered++;
            TellCancelled(context, request);
            End(context, request, request.WasSent ? RequestStatus.NoAnswer : RequestStatus.Unreachable, []);
            return;
        }

        if (context.Now >= request.RepeatAt)
        {
            counters.Repeated++;
            context.Unanswered(request.To);
            Send(context, request);
            return;
        }

        Due = Instant.Min(Due, request.RepeatAt);
    }

    private bool TryBegin(IProtocolContext context, OutgoingRequest request)
    {
        if (!_byPeer.TryGetValue(request.To.Id, out var conversation))
        {
            if (_byPeer.Count >= MostConversations && !TryForgetOne())
            {
                return false;
            }

            conversation = Open(context, request.To.Id);
        }

        if (!conversation.HasRoom)
        {
            conversation = Open(context, request.To.Id); // The other one ends with those that it waits for.
        }

        conversation.UsedAt = context.Now;
        conversation.Add(request);
        return true;
    }

    /// <summary>
    /// The responder does not know the conversation: it has started anew since, and refused the only copy there is. So
    /// the request may begin again in a new conversation.
    /// </summary>
    private bool TryBeginAnew(IProtocolContext context, OutgoingRequest request)
    {
        var old = request.Conversation!;
        old.Remove(request);
        DropIfUnused(context, old, request.To, isForgotten: true);
        if (!TryBegin(context, request))
        {
            old.Add(request);
            return false;
        }

        request.Tries = 0;
        Send(context, request);
        return true;
    }

    private OutgoingConversation Open(IProtocolContext context, NodeId peer)
    {
        var conversation = new OutgoingConversation(peer, context.Random.NextUInt64());
        (_byPeer[peer], _byId[conversation.Id]) = (conversation, conversation);
        return conversation;
    }

    /// <summary>
    /// A conversation that its responder has forgotten takes no more requests, as one whose window is used up. When its
    /// last request has ended, the responder need not remember the others any longer.
    /// </summary>
    private void DropIfUnused(
        IProtocolContext context, OutgoingConversation conversation, Peer peer, bool isForgotten)
    {
        if (isForgotten && _byPeer.GetValueOrDefault(conversation.Peer) == conversation)
        {
            _byPeer.Remove(conversation.Peer);
        }

        if (conversation.Count == 0 && _byPeer.GetValueOrDefault(conversation.Peer) != conversation)
        {
            _byId.Remove(conversation.Id);
            if (!isForgotten)
            {
                SendHead(context, peer, RequestMessage.Close, conversation.Id, conversation.End);
            }
        }
    }

    private bool TryForgetOne()
    {
        OutgoingConversation? oldest = null;
        foreach (var one in _byPeer.Values)
        {
            if (one.Count == 0 && (oldest is null || one.UsedAt < oldest.UsedAt))
            {
                oldest = one;
            }
        }

        return oldest is not null && _byPeer.Remove(oldest.Peer) && _byId.Remove(oldest.Id);
    }

    private void Send(IProtocolContext context, OutgoingRequest request)
    {
        if (request.IsTaken)
        {
            SendHead(context, request.To, RequestMessage.Poll, request.Conversation!.Id, request.Sequence);
        }
        else
        {
            SendAsk(context, request);
        }

        request.Tries++;
        request.SentAt = context.Now;
        request.RepeatAt = Instant.Min(context.Now + request.Pause, request.Deadline);
        request.Pause = TimeSpan.FromTicks(Math.Min(2 * request.Pause.Ticks, LongestPause.Ticks));
        Due = Instant.Min(Due, request.RepeatAt);
    }

    private static void SendHead(
        IProtocolContext context, in Peer to, byte type, ulong conversation, ulong sequence)
    {
        var writer = new WireWriter(stackalloc byte[8 + Varint.MostBytes]);
        WriteHead(ref writer, conversation, sequence);
        context.Send(to, type, writer.Written);
    }

    private static void SendAsk(IProtocolContext context, OutgoingRequest request)
    {
        using var buffer = new FrameBuffer(RequestMessage.MostHeadBytes + request.Payload.Length);
        var writer = new WireWriter(buffer.Span);
        WriteHead(ref writer, request.Conversation!.Id, request.Sequence);
        WriteAsk(ref writer, context, request);
        request.WasSent |= context.Send(request.To, RequestMessage.Ask, writer.Written);
    }

    private static void WriteHead(ref WireWriter writer, ulong conversation, ulong sequence)
    {
        writer.WriteUInt64(conversation);
        Varint.Write(ref writer, sequence);
    }

    private static void WriteAsk(ref WireWriter writer, IProtocolContext context, OutgoingRequest request)
    {
        var conversation = request.Conversation!;
        Varint.Write(ref writer, conversation.Floor);
        writer.WriteByte((byte)((request.Tries > 0 ? RequestMessage.Again : 0)
            | (conversation.IsKnown ? 0 : RequestMessage.Opens)
            | (request.Trace.IsEmpty ? 0 : RequestMessage.Traced)));
        Varint.Write(ref writer, (ulong)Math.Max(1, (request.Deadline - context.Now).TotalMilliseconds));
        writer.WriteByte((byte)request.Name.Length);
        writer.WriteBytes(request.Name);
        writer.WriteBytes(request.Trace.Span);
        writer.WriteBytes(request.Payload.Span);
    }

    private static void TellCancelled(IProtocolContext context, OutgoingRequest request)
    {
        if (request.WasSent)
        {
            SendHead(context, request.To, RequestMessage.Cancel, request.Conversation!.Id, request.Sequence);
        }
    }

    /// <summary>Reads the head of what came back, and finds its request.</summary>
    private bool TryFind(
        IProtocolContext context, ref WireReader reader, out OutgoingRequest request, out RequestStatus status,
        bool hasStatus = true)
    {
        (request, status) = (null!, default);
        var id = reader.ReadUInt64();
        if (!Varint.TryRead(ref reader, out var sequence))
        {
            counters.Malformed++;
            return false;
        }

        status = hasStatus ? (RequestStatus)reader.ReadByte() : default;
        if (!Varint.TryRead(ref reader, out var heldMicroseconds) || reader.Failed || status > RequestStatus.Forgotten
            || reader.Rest.Length > RequestOptions.LargestPayloadBytes)
        {
            counters.Malformed++;
            return false;
        }

        if (!_byId.TryGetValue(id, out var conversation) || conversation.Find(sequence) is not { } found)
        {
            counters.Strays++;
            return false;
        }

        request = found;
        conversation.IsKnown |= status != RequestStatus.Forgotten;
        Measure(context, found, heldMicroseconds);
        return true;
    }

    /// <summary>Only what was sent once says how long the way took.</summary>
    private void Measure(IProtocolContext context, OutgoingRequest request, ulong heldMicroseconds)
    {
        var elapsed = context.Now - request.SentAt;
        if (!request.IsTaken && request.Tries == 1 && heldMicroseconds <= (ulong)elapsed.TotalMicroseconds)
        {
            _roundTrips.Measured(elapsed - TimeSpan.FromMicroseconds(heldMicroseconds));
        }
    }

    private void End(
        IProtocolContext context, OutgoingRequest request, RequestStatus status, ReadOnlySpan<byte> payload)
    {
        Remove(context, request);
        request.Complete(status, payload, context.Now - request.BeganAt);
    }

    private void Remove(IProtocolContext context, OutgoingRequest request)
    {
        var conversation = request.Conversation!;
        conversation.Remove(request);
        DropIfUnused(context, conversation, request.To, isForgotten: false);
        _outstanding--;
    }
}
