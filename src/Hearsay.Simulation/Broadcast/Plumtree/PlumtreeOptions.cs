namespace Hearsay.Simulation.Broadcast.Plumtree;

/// <summary>The knobs of a <see cref="PlumtreeProtocol"/>. Immutable.</summary>
internal sealed record PlumtreeOptions
{
    /// <summary>How long a message may be announced and not there before it is asked for.</summary>
    /// <value>
    /// Default 6 ms. The paper leaves it to whoever runs it: too short grafts where nothing was lost, too long makes
    /// what was lost late.
    /// </value>
    public TimeSpan GraftTimeout { get; init; } = TimeSpan.FromMilliseconds(6);

    /// <summary>How long announcements wait for others that share their frame.</summary>
    /// <value>Default 5 ms.</value>
    public TimeSpan AnnounceDelay { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How often a message is asked for before it is given up.</summary>
    /// <value>Default 12.</value>
    public int MaximumPulls { get; init; } = 12;

    /// <summary>How long a message is held for those that ask for it. Its name is remembered twice as long.</summary>
    /// <value>Default 10 s.</value>
    public TimeSpan Retention { get; init; } = TimeSpan.FromSeconds(10);
}
