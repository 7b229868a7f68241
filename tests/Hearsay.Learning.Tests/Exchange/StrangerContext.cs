using Hearsay.Protocols;

namespace Hearsay.Learning.Tests.Exchange;

/// <summary>A node that knows nobody, for calls by hand.</summary>
internal sealed class StrangerContext : IProtocolContext
{
    private SeededRandom _random = new(1);

    public bool IsProven { get; init; } = true;

    public long Sent { get; private set; }

    /// <summary>What was sent, the newest last.</summary>
    public List<(NodeId To, byte Type, byte[] Body)> Frames { get; } = [];

    public Instant Now { get; set; } = Instant.Zero;

    public ref SeededRandom Random => ref _random;

    public Peer Self => default;

    /// <summary>Whom it knows after all; null for nobody.</summary>
    public IPeerSampler? Known { get; init; }

    public IPeerSampler Peers => Known ?? throw new InvalidOperationException("Nobody is drawn here.");

    public NodeAddress Source { get; set; } = NodeAddress.FromIPv4(0x0A000001, 7000);

    public bool MustProve(out NodeAddress source)
    {
        source = Source;
        return !IsProven;
    }

    public bool Send(in Peer to, byte type, ReadOnlySpan<byte> body)
    {
        Sent++;
        Frames.Add((to.Id, type, body.ToArray()));
        return true;
    }

    public bool Reply(byte type, ReadOnlySpan<byte> body) => Send(default, type, body);

    public void Schedule(TimeSpan delay, long token)
    {
    }

    public void Publish(object happened)
    {
    }
}
