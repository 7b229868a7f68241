using Hearsay.Loop;
using Hearsay.Protocols;
using Hearsay.Protocols.Wire;
using Hearsay.Transport;

namespace Hearsay.Tests.Loop;

/// <summary>Two loops whose packets wait until the test delivers them.</summary>
internal sealed class LoopPair
{
    public LoopPair(INodeEvents? events = null)
    {
        (To, Back) = (new Wire(1), new Wire(2));
        (One, Other) = (Loops.With(Scheduler, To, events), Loops.With(Scheduler, Back));
        One.Start();
        Other.Start();
    }

    public ManualScheduler Scheduler { get; } = new();

    public NodeLoop One { get; }

    public NodeLoop Other { get; }

    /// <summary>What the first sends.</summary>
    public Wire To { get; }

    /// <summary>What the second sends.</summary>
    public Wire Back { get; }

    /// <summary>The first gets to know the other; nothing is on the way then.</summary>
    public void Meet()
    {
        One.Post((core, now) => core.Contact(now, [Back.LocalAddress]));
        One.Run();
        for (var i = 0; i < 100; i++)
        {
            Pass(TimeSpan.FromMilliseconds(50));
            Deliver();
        }

        Assert.Equal(1, One.Core.View.Count);
        Assert.Equal(0, One.Core.Counters.ExchangesTimedOut);
    }

    /// <summary>Moves the clock, and runs what is due.</summary>
    public void Pass(TimeSpan time)
    {
        Scheduler.Time += time;
        Scheduler.RunDue();
    }

    /// <summary>Delivers what waits, both ways.</summary>
    public void Deliver()
    {
        Deliver(To, Other);
        Deliver(Back, One);
    }

    private static void Deliver(Wire from, NodeLoop to)
    {
        while (from.Waiting.TryDequeue(out var packet))
        {
            to.OnPacket(new Link(from.LocalAddress, LinkKind.Datagram), packet);
        }
    }

    /// <summary>Takes packets and keeps them.</summary>
    internal sealed class Wire(ushort port) : ITransport
    {
        public Queue<byte[]> Waiting { get; } = new();

        public LinkKind Kind => LinkKind.Datagram;

        public NodeAddress LocalAddress => NodeAddress.FromIPv4(0x0A00_0001, port);

        public int MaximumPacketBytes => Envelope.MaximumDatagramBytes;

        public TransportCounters Counters { get; } = new();

        public bool HasOwnThread { get; init; }

        public bool CanReach(in NodeAddress address) => true;

        public void Start(IPacketReceiver receiver)
        {
        }

        public bool TrySend(in Link to, ReadOnlySpan<byte> packet)
        {
            Waiting.Enqueue(packet.ToArray());
            return true;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
