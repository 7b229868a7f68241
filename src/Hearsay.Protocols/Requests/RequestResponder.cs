namespace Hearsay.Protocols.Requests;

/// <summary>
/// The requests of others to this node: each is given to its handler at most once, and its answer is held until the
/// asker has it.
/// </summary>
internal sealed class RequestResponder(
    RequestOptions options, RequestCounters counters, IRequestSink sink, Instant startedAt)
{
    /// <summary>How long a handler may run before its asker is told that it does.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(25);

    /// <summary>
    /// All copies of a request are sent within this time, and a conversation that was not used for so long has none on
    /// the way.
    /// </summary>
    public static readonly TimeSpan CopiesTime = TimeSpan.FromSeconds(10);

    /// <summary>The bytes of answers that are held, all together.</summary>
    public const int MostHeldBytes = 8 << 20;

    private const int MostConversations = 1_024;
    private const int MostOfOneAddress = 64;
    private const int MostRequests = 65_536;

    private static readonly TimeSpan SweepTime = TimeSpan.FromSeconds(1);

    /// <summary>A conversation is forgotten when it was not used for so long.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(10);

    private readonly Dictionary<ulong, IncomingConversation> _conversations = [];
    private readonly Queue<(RequestKey Key, Instant At)> _silent = [];
    private readonly List<(ulong Sequence, IncomingRequest Request)> _dropped = [];
    private Instant _sweep = Instant.Never;
    private long _toldPacket = -1;
    private int _heldBytes;
    private int _running;
    private int _count;

    /// <summary>When something is due.</summary>
    public Instant Due => _silent.TryPeek(out var first) ? Instant.Min(first.At, _sweep) : _sweep;

    /// <summary>Handlers that run.</summary>
    public int Running => _running;

    /// <summary>Requests that are remembered.</summary>
    public int Count => _count;

    /// <summary>The bytes of the answers that are held.</summary>
    public int HeldBytes => _heldBytes;

    /// <summary>Conversations that are remembered.</summary>
    public int Conversations => _conversations.Count;

    /// <summary>A copy of a request has come.</summary>
    public void OnAsk(IProtocolContext context, in Peer from, in AskFrame ask)
    {
        if (!TryFind(context, from, ask, out var conversation))
        {
            return;
        }

        conversation.UsedAt = context.Now;
        conversation.From = from;
        conversation.Raise(ask.Floor, _dropped);
        Drop(conversation);
        if (ask.Sequence < conversation.Floor)
        {
            counters.Duplicates++;
        }
        else if (conversation.Requests.TryGetValue(ask.Sequence, out var known))
        {
            counters.Duplicates++;
            TellAgain(context, conversation, ask.Sequence, known);
        }
        else
        {
            Begin(context, conversation, ask);
        }
    }

    /// <summary>The asker wants to know what became of a request.</summary>
    public void OnPoll(IProtocolContext context, in Peer from, in RequestKey key)
    {
        if (_conversations.TryGetValue(key.Conversation, out var conversation) && conversation.From.Id == from.Id
            && conversation.Requests.TryGetValue(key.Sequence, out var request))
        {
            conversation.UsedAt = context.Now;
            TellAgain(context, conversation, key.Sequence, request);
        }
        else if (TryUsePacket(context))
        {
            counters.Strays++;
            AnswerFrame.Send(context, from, key, RequestStatus.Forgotten, TimeSpan.Zero, []);
        }
    }

    /// <summary>The asker does not wait any more.</summary>
    public void OnCancel(in Peer from, in RequestKey key)
    {
        if (_conversations.TryGetValue(key.Conversation, out var conversation) && conversation.From.Id == from.Id
            && conversation.Requests.TryGetValue(key.Sequence, out var request))
        {
            Cancel(key, request);
        }
    }

    /// <summary>
    /// The asker waits for nothing of a conversation any more. It stays known, so that late copies are not handled.
    /// </summary>
    public void OnClose(in Peer from, in RequestKey end)
    {
        if (_conversations.TryGetValue(end.Conversation, out var conversation) && conversation.From.Id == from.Id)
        {
            conversation.Close(end.Sequence, _dropped);
            Drop(conversation);
        }
    }

    /// <summary>A handler has ended.</summary>
    public void Answer(IProtocolContext context, AnswerCommand command)
    {
        if (!_conversations.TryGetValue(command.Key.Conversation, out var conversation))
        {
            return;
        }

        _running--;
        conversation.Running--;
        counters.Shed += command.Status == RequestStatus.Busy ? 1 : 0;
        if (conversation.Requests.TryGetValue(command.Key.Sequence, out var request) && request.IsRunning)
        {
            End(context, conversation, command.Key.Sequence, request, command.Status, command.Payload);
        }
    }

    /// <summary>Says who works, and forgets what is over.</summary>
    public void OnDue(IProtocolContext context)
    {
        while (_silent.TryPeek(out var first) && first.At <= context.Now)
        {
            _silent.Dequeue();
            if (_conversations.TryGetValue(first.Key.Conversation, out var conversation)
                && conversation.Requests.TryGetValue(first.Key.Sequence, out var request) && request.IsRunning)
            {
                Tell(context, conversation, first.Key.Sequence, request);
            }
        }

        if (context.Now >= _sweep)
        {
            Sweep(context.Now);
        }
    }

    private bool TryFind(
        IProtocolContext context, in Peer from, in AskFrame ask, out IncomingConversation conversation)
    {
        if (_conversations.TryGetValue(ask.Key.Conversation, out conversation!))
        {
            if (conversation.From.Id == from.Id)
            {
                return true;
            }

            counters.Strays++;
            return false;
        }

        // The conversation may have begun with an earlier life of this node, which may have handled the request.
        if (!ask.Opens || (ask.IsAgain && context.Now - startedAt < CopiesTime))
        {
            counters.Refused++;
            AnswerFrame.Send(context, from, ask.Key, RequestStatus.Forgotten, TimeSpan.Zero, []);
            return false;
        }

        if (!HasRoomFor(from.Address, context.Now))
        {
            counters.Shed++;
            AnswerFrame.Send(context, from, ask.Key, RequestStatus.Busy, TimeSpan.Zero, []);
            return false;
        }

        conversation = new IncomingConversation(ask.Key.Conversation, from, context.Now);
        _conversations.Add(conversation.Id, conversation);
        _sweep = Instant.Min(_sweep, context.Now + SweepTime);
        return true;
    }

    /// <summary>Makes room for a conversation, if need be from one that has no copies on the way.</summary>
    private bool HasRoomFor(in NodeAddress address, Instant now)
    {
        var ofAddress = 0;
        IncomingConversation? oldest = null;
        foreach (var one in _conversations.Values)
        {
            ofAddress += one.From.Address == address ? 1 : 0;
            if (one.Running == 0 && now - one.UsedAt > CopiesTime && (oldest is null || one.UsedAt < oldest.UsedAt))
            {
                oldest = one;
            }
        }

        if (_conversations.Count < MostConversations && ofAddress < MostOfOneAddress)
        {
            return true;
        }

        if (oldest is null || (ofAddress >= MostOfOneAddress && oldest.From.Address != address))
        {
            return false;
        }

        Forget(oldest);
        return true;
    }

    /// <summary>A request that was not here before.</summary>
    private void Begin(IProtocolContext context, IncomingConversation conversation, in AskFrame ask)
    {
        if (_count >= MostRequests)
        {
            counters.Shed++;
            AnswerFrame.Send(context, conversation.From, ask.Key, RequestStatus.Busy, TimeSpan.Zero, []);
            return;
        }

        var request = new IncomingRequest { CameAt = context.Now, Deadline = context.Now + ask.Time };
        conversation.Requests.Add(ask.Sequence, request);
        _count++;
        if (IsBusyFor(conversation, context.Now))
        {
            counters.Shed++;
            End(context, conversation, ask.Sequence, request, RequestStatus.Busy, default);
        }
        else if (sink.TryTake(
            new RequestArrival(ask.Key, conversation.From, ask.Name, ask.Payload.ToArray(), ask.Time,
                ask.Trace.IsEmpty ? null : ask.Trace.ToArray()),
            out var refusal))
        {
            counters.Handled++;
            request.IsRunning = true;
            conversation.Running++;
            _running++;
            _silent.Enqueue((ask.Key, context.Now + Silence));
        }
        else
        {
            counters.WithoutHandler += refusal == RequestStatus.NoHandler ? 1 : 0;
            counters.Shed += refusal == RequestStatus.Busy ? 1 : 0;
            End(context, conversation, ask.Sequence, request, refusal, default);
        }
    }

    private bool IsBusyFor(IncomingConversation conversation, Instant now) =>
        !conversation.TryCount(now, options.PerSecond)
        || _running >= options.MaximumConcurrent
        || conversation.Running >= Math.Max(1, options.MaximumConcurrent / 4);

    /// <summary>The end of a request here: its answer is sent, and held as long as there is room.</summary>
    private void End(
        IProtocolContext context, IncomingConversation conversation, ulong sequence, IncomingRequest request,
        RequestStatus status, ReadOnlyMemory<byte> payload)
    {
        (request.IsRunning, request.Status, request.EndedAt) = (false, status, context.Now);
        if (request.IsCancelled)
        {
            request.Status = RequestStatus.Forgotten;
            return;
        }

        AnswerFrame.Send(
            context, conversation.From, new RequestKey(conversation.Id, sequence), status,
            context.Now - request.CameAt, payload.Span);
        if (payload.Length > MostHeldBytes - _heldBytes)
        {
            counters.AnswersForgotten++;
            request.Status = RequestStatus.Forgotten;
            return;
        }

        _heldBytes += payload.Length;
        request.Payload = payload;
    }

    /// <summary>
    /// A copy or a question: the asker is told once for a packet, and ever more rarely for a request, so that who sends
    /// it again and again draws little.
    /// </summary>
    private void TellAgain(
        IProtocolContext context, IncomingConversation conversation, ulong sequence, IncomingRequest request)
    {
        if (TryUsePacket(context) && request.TryTell(context.Now))
        {
            Tell(context, conversation, sequence, request);
        }
    }

    /// <summary>Whether nothing was told yet for the packet that is being handled.</summary>
    private bool TryUsePacket(IProtocolContext context)
    {
        var isFirst = context.PacketNumber != _toldPacket || context.PacketNumber == 0;
        _toldPacket = context.PacketNumber;
        return isFirst;
    }

    /// <summary>Tells the asker how it stands.</summary>
    private static void Tell(
        IProtocolContext context, IncomingConversation conversation, ulong sequence, IncomingRequest request)
    {
        var key = new RequestKey(conversation.Id, sequence);
        if (!request.IsRunning)
        {
            AnswerFrame.Send(
                context, conversation.From, key, request.Status, request.EndedAt - request.CameAt,
                request.Payload.Span);
            return;
        }

        AnswerFrame.SendWorking(context, conversation.From, key, context.Now - request.CameAt);
    }

    private void Cancel(in RequestKey key, IncomingRequest request)
    {
        if (request is { IsRunning: true, IsCancelled: false })
        {
            request.IsCancelled = true;
            sink.Cancel(key);
        }
    }

    /// <summary>Requests that their asker has done with.</summary>
    private void Drop(IncomingConversation conversation)
    {
        foreach (var (sequence, request) in _dropped)
        {
            Cancel(new RequestKey(conversation.Id, sequence), request);
            _heldBytes -= request.Payload.Length;
            _count--;
        }

        _dropped.Clear();
    }

    private void Sweep(Instant now)
    {
        foreach (var conversation in _conversations.Values)
        {
            foreach (var (sequence, request) in conversation.Requests)
            {
                if (request.IsRunning && now >= request.Deadline)
                {
                    Cancel(new RequestKey(conversation.Id, sequence), request);
                }
                else if (!request.IsRunning && now - request.EndedAt > CopiesTime)
                {
                    _heldBytes -= request.Payload.Length;
                    (request.Payload, request.Status) = (default, RequestStatus.Forgotten);
                }
            }

            if (conversation.Running == 0 && now - conversation.UsedAt > IdleTime)
            {
                Forget(conversation); // Allowed while enumerating.
            }
        }

        _sweep = _conversations.Count > 0 ? now + SweepTime : Instant.Never;
    }

    private void Forget(IncomingConversation conversation)
    {
        conversation.Raise(ulong.MaxValue, _dropped);
        Drop(conversation);
        _conversations.Remove(conversation.Id);
    }
}
