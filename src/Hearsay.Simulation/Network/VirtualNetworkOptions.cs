namespace Hearsay.Simulation;

/// <summary>What a <see cref="VirtualNetwork"/> does to packets. Immutable.</summary>
public sealed record VirtualNetworkOptions
{
    /// <summary>The seed of the network and of every node in it: the same seed gives the same run.</summary>
    /// <value>Default 1.</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>The shortest delay of a packet.</summary>
    /// <value>Default 1 ms.</value>
    public TimeSpan MinimumLatency { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// The longest delay of a packet; delays are uniform in between, so packets may overtake each other.
    /// </summary>
    /// <value>Default 5 ms.</value>
    public TimeSpan MaximumLatency { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The share of datagrams that are lost, each independently.</summary>
    /// <value>Default 0. From 0 to 1.</value>
    public double Loss { get; init; }

    /// <summary>The share of datagrams that arrive twice.</summary>
    /// <value>Default 0. From 0 to 1.</value>
    public double Duplication { get; init; }

    /// <summary>Everything a network can do to packets, in place of the four above.</summary>
    /// <value>Default null: the four above.</value>
    public LinkModel? Links { get; init; }

    /// <summary>Whether nodes keep what they told their operator, their view changes and events.</summary>
    /// <value>Default true. Large or long runs leave it out: the lists only grow.</value>
    public bool KeepsNotices { get; init; } = true;

    /// <summary>The model these options stand for.</summary>
    internal LinkModel ToModel() => Links ?? new LinkModel
    {
        Delay = new DelayModel(DelayKind.Uniform, MinimumLatency, (MaximumLatency - MinimumLatency) / 2),
        Loss = Loss,
        Duplication = Duplication,
    };
}
