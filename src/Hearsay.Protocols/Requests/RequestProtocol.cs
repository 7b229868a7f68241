using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Requests;

/// <summary>
/// One node asks another, and hears the answer or why there is none. A handler runs at most once for a request, however
/// often its frames are lost, repeated or reordered.
/// </summary>
/// <remarks>
/// Commands: an <see cref="OutgoingRequest"/> asks, a <see cref="CancelCommand"/> ends the wait, an
/// <see cref="AnswerCommand"/> answers. Each node needs an object of its own. See <see cref="RequestMessage"/>.
/// </remarks>
internal sealed class RequestProtocol : IProtocol
{
    private readonly RequestOptions _options;
    private readonly IRequestSink _sink;
    private readonly UnprovenRequests _unproven = new();
    private readonly RequestAsker _asker;
    private RequestResponder _responder;
    private Instant _armed = Instant.Never;

    /// <summary>A protocol for one node.</summary>
    public RequestProtocol(RequestOptions options, IRequestSink sink)
    {
        (_options, _sink) = (options, sink);
        _asker = new RequestAsker(options, Counters);
        _responder = new RequestResponder(options, Counters, sink, Instant.Zero);
    }

    /// <summary>The byte that marks the frames of this protocol.</summary>
    public byte Id => RequestMessage.Protocol;

    /// <summary>The counters.</summary>
    public RequestCounters Counters { get; } = new();

    /// <summary>Requests of this node that wait for an answer.</summary>
    public int Outstanding => _asker.Outstanding;

    /// <summary>Handlers that run here.</summary>
    public int Running => _responder.Running;

    /// <summary>What this node does for others.</summary>
    public RequestResponder Responder => _responder;

    /// <inheritdoc/>
    public void Start(IProtocolContext context) =>
        _responder = new RequestResponder(_options, Counters, _sink, context.Now);

    /// <inheritdoc/>
    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        switch (type)
        {
            case RequestMessage.Ask:
                OnAsk(context, from, body);
                break;
            case RequestMessage.Answer:
                _asker.OnAnswer(context, ref reader);
                break;
            case RequestMessage.Working:
                _asker.OnWorking(context, ref reader);
                break;
            case RequestMessage.Poll or RequestMessage.Cancel or RequestMessage.Close:
                OnKey(context, from, type, ref reader);
                break;
            default:
                Counters.Malformed++;
                break;
        }

        Arm(context);
    }

    /// <inheritdoc/>
    public void OnProven(IProtocolContext context, in NodeAddress address)
    {
        while (_unproven.TryTake(address, context.Now, out var from, out var body))
        {
            if (AskFrame.TryRead(body, out var ask))
            {
                _responder.OnAsk(context, from, ask);
            }
        }

        Arm(context);
    }

    /// <inheritdoc/>
    public void OnCommand(IProtocolContext context, object command)
    {
        switch (command)
        {
            case OutgoingRequest request:
                _asker.Ask(context, request);
                break;
            case CancelCommand cancel:
                _asker.Cancel(context, cancel.Request);
                break;
            case AnswerCommand answer:
                _responder.Answer(context, answer);
                break;
        }

        Arm(context);
    }

    /// <inheritdoc/>
    public void OnDue(IProtocolContext context, long token)
    {
        _armed = Instant.Never;
        _asker.OnDue(context);
        _responder.OnDue(context);
        Arm(context);
    }

    private void OnAsk(IProtocolContext context, in Peer from, ReadOnlySpan<byte> body)
    {
        if (!AskFrame.TryRead(body, out var ask))
        {
            Counters.Malformed++;
        }
        else if (context.MustProve(out var source))
        {
            Counters.Unproven += _unproven.Add(source, from, body, context.Now);
        }
        else
        {
            _responder.OnAsk(context, from, ask);
        }
    }

    /// <summary>
    /// A frame that is nothing but the name of a request, or of a conversation. A stranger has to prove itself first.
    /// </summary>
    private void OnKey(IProtocolContext context, in Peer from, byte type, ref WireReader reader)
    {
        var conversation = reader.ReadUInt64();
        if (!Varint.TryRead(ref reader, out var sequence) || reader.Failed || !reader.Rest.IsEmpty)
        {
            Counters.Malformed++;
        }
        else if (!context.MustProve(out _))
        {
            var key = new RequestKey(conversation, sequence);
            switch (type)
            {
                case RequestMessage.Poll:
                    _responder.OnPoll(context, from, key);
                    break;
                case RequestMessage.Cancel:
                    _responder.OnCancel(from, key);
                    break;
                default:
                    _responder.OnClose(from, key);
                    break;
            }
        }
    }

    private void Arm(IProtocolContext context)
    {
        var due = Instant.Min(_asker.Due, _responder.Due);
        if (due < _armed)
        {
            _armed = due;
            context.Schedule(due - context.Now, 0);
        }
    }
}
