using Hearsay.Protocols.Node;
using Hearsay.Protocols.Node.Guard;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Sampling.Samplers;
using Hearsay.Protocols.Security.Origins;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Composition;

/// <summary>
/// One protocol beside peer sampling with its view of the node: its random stream, its sampler and its one deadline.
/// </summary>
internal sealed class ProtocolContext : IProtocolContext
{
    /// <summary>No timer of an operating system is finer.</summary>
    private static readonly TimeSpan FinestGrain = TimeSpan.FromMilliseconds(1);

    /// <summary>What people notice.</summary>
    private static readonly TimeSpan CoarsestGrain = TimeSpan.FromMilliseconds(50);

    private readonly NodeState _node;
    private readonly IProtocol _protocol;
    private SeededRandom _random;

    /// <summary>What the deadline was armed with.</summary>
    private long _token;

    /// <summary>How late the deadline may be.</summary>
    private TimeSpan _grain = FinestGrain;

    /// <summary>The link of the frame being handled, while one is.</summary>
    private Link? _answering;

    private bool _stopped;

    public ProtocolContext(NodeState node, IProtocol protocol, SamplerSet samplers, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        if (protocol.Id <= SamplingMessage.Protocol)
        {
            throw new ArgumentException(
                $"The id of a protocol must be from {SamplingMessage.Protocol + 1} to 255, not {protocol.Id}.",
                nameof(protocol));
        }

        if (!samplers.TryCreate(SamplingPolicy.UniformWithoutReplacement, out var sampler))
        {
            throw new InvalidOperationException("The node has too many samplers.");
        }

        (_node, _protocol, Peers, Id) = (node, protocol, sampler, protocol.Id);
        _random = SeededRandom.For(seed, 0, 0, 0x100 + (ulong)protocol.Id);
    }

    /// <summary>The protocol's frame byte.</summary>
    public byte Id { get; }

    /// <summary>When its deadline is.</summary>
    public Instant Due { get; private set; } = Instant.Never;

    /// <summary>
    /// When to wake the node for it: at the deadline, or later by a twentieth of the delay asked for.
    /// </summary>
    public Instant Wake => Due.RoundUp(_grain);

    /// <inheritdoc/>
    public Instant Now => _node.Now;

    /// <inheritdoc/>
    public long PacketNumber => _node.Counters.PacketsReceived;

    /// <inheritdoc/>
    public ref SeededRandom Random => ref _random;

    /// <inheritdoc/>
    public Peer Self => _node.Self.ToPeer();

    /// <inheritdoc/>
    public IPeerSampler Peers { get; }

    /// <inheritdoc/>
    public double? NetworkSize => _node.SizeSource?.NetworkSize;

    /// <inheritdoc/>
    OriginProofs? IProtocolContext.Proofs => _node.Proofs;

    /// <inheritdoc/>
    public bool IsJoining => _node.IsJoining;

    /// <summary>The node started.</summary>
    public void Start()
    {
        try
        {
            _protocol.Start(this);
        }
        catch (Exception fault)
        {
            Report(fault);
        }
    }

    /// <summary>The node leaves: the protocol may say so, and nothing is due any more.</summary>
    public void Stop()
    {
        if (_stopped)
        {
            return;
        }

        try
        {
            _protocol.OnLeave(this);
        }
        catch (Exception fault)
        {
            Report(fault);
        }

        (_stopped, Due) = (true, Instant.Never);
    }

    /// <summary>A frame arrived.</summary>
    public void Receive(in Link link, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        if (_stopped)
        {
            return;
        }

        _answering = link;
        try
        {
            _protocol.Receive(this, from, type, body);
        }
        catch (Exception fault)
        {
            Report(fault);
        }

        _answering = null;
    }

    /// <summary>Time has come to this moment.</summary>
    public void OnDue(Instant now)
    {
        if (_stopped || now < Due)
        {
            return;
        }

        Due = Instant.Never;
        try
        {
            _protocol.OnDue(this, _token);
        }
        catch (Exception fault)
        {
            Report(fault);
        }
    }

    /// <summary>An address has proven itself.</summary>
    public void OnProven(in NodeAddress address)
    {
        if (_stopped)
        {
            return;
        }

        try
        {
            _protocol.OnProven(this, address);
        }
        catch (Exception fault)
        {
            Report(fault);
        }
    }

    /// <summary>The view changed.</summary>
    public void OnViewChange(in ViewChange change)
    {
        try
        {
            _protocol.OnViewChange(this, change);
        }
        catch (Exception fault)
        {
            Report(fault);
        }
    }

    /// <summary>The application has something to say.</summary>
    public void OnCommand(object command)
    {
        if (_stopped)
        {
            return;
        }

        try
        {
            _protocol.OnCommand(this, command);
        }
        catch (Exception fault)
        {
            Report(fault);
        }
    }

    /// <inheritdoc/>
    public bool Send(in Peer to, byte type, ReadOnlySpan<byte> body)
    {
        var route = _node.Routes.To(to.Id, to.Addresses);
        if (_stopped || route.IsNone)
        {
            return false;
        }

        // To a source that may be forged everything is an answer.
        var input = _node.Guard.Input;
        if (input.IsLimited && input.IsSource(route))
        {
            return Answer(type, body, wantsProof: true);
        }

        _node.Routes.Asked(to.Id, to.Addresses, route);
        return Send(route, to.Id, type, body, SendReason.Message);
    }

    /// <inheritdoc/>
    public void Unanswered(in Peer to) => _node.Routes.Unanswered(to.Id, to.Addresses);

    /// <inheritdoc/>
    public bool HasAnswered(in Peer peer) =>
        _node.Routes.To(peer.Id, peer.Addresses) is { IsNone: false } route && _node.Guard.IsProven(route, Now);

    /// <inheritdoc/>
    public bool MustProve(out NodeAddress source)
    {
        var input = _node.Guard.Input;
        source = input.IsLimited && _answering is { } link ? link.Address : default;
        if (source.IsNone)
        {
            return false;
        }

        input.AskForProof();
        return true;
    }

    /// <inheritdoc/>
    public bool Reply(byte type, ReadOnlySpan<byte> body) => Answer(type, body, wantsProof: false);

    /// <inheritdoc/>
    public bool ReplyTo(in Peer to, byte type, ReadOnlySpan<byte> body)
    {
        var route = _node.Routes.To(to.Id, to.Addresses);
        if (_stopped || route.IsNone)
        {
            return false;
        }

        return _node.Guard.Input.IsSource(route)
            ? Answer(type, body, wantsProof: true)
            : Send(route, to.Id, type, body, SendReason.OnBehalf);
    }

    /// <inheritdoc/>
    public void Schedule(TimeSpan delay, long token)
    {
        (Due, _token) = (Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero), token);
        _grain = TimeSpan.FromTicks(Math.Clamp(delay.Ticks / 20, FinestGrain.Ticks, CoarsestGrain.Ticks));
    }

    /// <inheritdoc/>
    public void Publish(object happened) => _node.Driver.Publish(Id, happened);

    private int PacketBytes(ReadOnlySpan<byte> body) =>
        _node.Envelope.HeadBytes + Frame.HeaderBytes + body.Length;

    private bool Send(in NodeAddress route, NodeId to, byte type, ReadOnlySpan<byte> body, SendReason reason)
    {
        var bytes = PacketBytes(body);
        var kind = bytes > _node.Envelope.MaximumDatagramBytes ? LinkKind.Stream : LinkKind.Datagram;
        var link = new Link(route, kind);
        var writer = _node.Begin(link, to, bytes, reason);
        return TryWrite(ref writer, type, body) && _node.Send(link, writer.Written, reason) != SendOutcome.Refused;
    }

    private bool Answer(byte type, ReadOnlySpan<byte> body, bool wantsProof)
    {
        if (_answering is not { } link || PacketBytes(body) > _node.Envelope.MaximumStreamBytes)
        {
            return false;
        }

        var writer = _node.BeginAnswer(link, PacketBytes(body));
        TryWrite(ref writer, type, body);
        if (!_node.EndAnswer(link, ref writer))
        {
            return false;
        }

        _node.Guard.Input.WantsProof |= wantsProof;
        return true;
    }

    private bool TryWrite(ref WireWriter writer, byte type, ReadOnlySpan<byte> body)
    {
        if (body.Length > ushort.MaxValue)
        {
            return false;
        }

        var start = Frame.Begin(ref writer, Id, type);
        writer.WriteBytes(body);
        Frame.End(ref writer, start);
        return !writer.Failed;
    }

    private void Report(Exception fault)
    {
        _node.Counters.ProtocolFaults++;
        _node.Driver.Notify(new NodeNotice(NodeNoticeKind.ProtocolFault, Fault: fault, Number: Id));
    }
}
