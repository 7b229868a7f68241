using Hearsay.Protocols;
using Hearsay.Protocols.Rumors;

namespace Hearsay.Simulation.Tests.Rumors;

/// <summary>
/// The shipped rumor protocol of one node with a uniform sampler in place of the overlay's, and with what a test
/// breaks.
/// </summary>
internal sealed class RumorNode(RumorOptions options, RumorFault fault, Peer[] all, int self) : IProtocol
{
    private readonly Context _context = new(fault, new UniformSampler(all, self, fault == RumorFault.NearPartners));

    public RumorProtocol Inner { get; } = new(options);

    public byte Id => Inner.Id;

    public void Start(IProtocolContext context) => Inner.Start(_context.Around(context));

    public void OnDue(IProtocolContext context, long token) => Inner.OnDue(_context.Around(context), token);

    public void OnCommand(IProtocolContext context, object command) =>
        Inner.OnCommand(_context.Around(context), command);

    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        var bytes = body.ToArray();
        if (type == RumorMessage.Feedback && fault == RumorFault.FeedbackLost)
        {
            return;
        }

        if (type == RumorMessage.Feedback && fault is RumorFault.AllWasNew or RumorFault.NothingWasNew)
        {
            for (var at = RumorMessage.FeedbackHeadBytes + 8; at < bytes.Length; at += RumorMessage.VerdictBytes)
            {
                bytes[at] = (byte)(fault == RumorFault.AllWasNew ? bytes[at] | 128 : bytes[at] & 127);
            }
        }

        Inner.Receive(_context.Around(context), from, type, bytes);
    }

    private sealed class Context(RumorFault fault, IPeerSampler peers) : IProtocolContext
    {
        private IProtocolContext _inner = null!;

        public Context Around(IProtocolContext inner)
        {
            _inner = inner;
            return this;
        }

        public Instant Now => _inner.Now;

        public ref SeededRandom Random => ref _inner.Random;

        public Peer Self => _inner.Self;

        public IPeerSampler Peers => peers;

        public bool Send(in Peer to, byte type, ReadOnlySpan<byte> body)
        {
            var isSent = _inner.Send(to, type, body);
            if (fault == RumorFault.ToldTwice && type == RumorMessage.Rumors && peers.TryGetPeer(out var other))
            {
                _inner.Send(other, type, body);
            }

            return isSent;
        }

        public bool Reply(byte type, ReadOnlySpan<byte> body) =>
            fault == RumorFault.NoAnswers && type == RumorMessage.Rumors || _inner.Reply(type, body);

        public void Schedule(TimeSpan delay, long token) => _inner.Schedule(delay, token);

        public void Publish(object happened) => _inner.Publish(happened);
    }
}
