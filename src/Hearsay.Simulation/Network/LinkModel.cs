namespace Hearsay.Simulation;

/// <summary>
/// What the network does to packets. Streams are delayed only; all shares are of datagrams, from 0 to 1. Immutable.
/// </summary>
public sealed record LinkModel
{
    /// <summary>The delays; packets overtake each other as they come out.</summary>
    /// <value>Default uniform from 1 to 5 ms.</value>
    public DelayModel Delay { get; init; } =
        new(DelayKind.Uniform, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2));

    /// <summary>The share lost, each independently.</summary>
    public double Loss { get; init; }

    /// <summary>Gilbert-Elliott: the chance per datagram that a bad time begins for its sender.</summary>
    public double BurstBegins { get; init; }

    /// <summary>Gilbert-Elliott: the chance per datagram that a bad time ends.</summary>
    /// <value>Default 0.2: five datagrams on average.</value>
    public double BurstEnds { get; init; } = 0.2;

    /// <summary>Gilbert-Elliott: the share lost in a bad time.</summary>
    /// <value>Default 0.9.</value>
    public double BurstLoss { get; init; } = 0.9;

    /// <summary>The share that arrives twice.</summary>
    public double Duplication { get; init; }

    /// <summary>The share that arrives once more much later: a replay.</summary>
    public double Replay { get; init; }

    /// <summary>How much later at most.</summary>
    /// <value>Default 30 s.</value>
    public TimeSpan ReplayDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The share held back so that later ones overtake it.</summary>
    public double Reordering { get; init; }

    /// <summary>How long at most.</summary>
    /// <value>Default 200 ms.</value>
    public TimeSpan ReorderingDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The share of which one bit is flipped.</summary>
    public double Corruption { get; init; }

    /// <summary>The share of which only the beginning arrives.</summary>
    public double Truncation { get; init; }

    /// <summary>Bytes a second that a node can send; what would wait longer than a second is dropped.</summary>
    /// <value>Default 0: no limit.</value>
    public double BytesPerSecond { get; init; }
}
