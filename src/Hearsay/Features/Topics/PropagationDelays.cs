using System.Diagnostics.Metrics;
using Hearsay.Features.Contract;
using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Features.Topics;

/// <summary>
/// The histogram of the times from publishing to arrival. They are the ages of messages: each node on the way adds how
/// long it held the message, by its own clock, and half the round trip of the link that it came over. So clocks need to
/// run evenly, and not to be equal.
/// </summary>
internal sealed class PropagationDelays(Meter? meter, string cluster)
{
    /// <summary>The name of the instrument.</summary>
    public const string Name = "hearsay.broadcast.propagation";

    /// <summary>What was measured.</summary>
    public FeatureHistogram Histogram { get; } = new(
        meter, cluster, Name, "s",
        "Time from publishing to arrival of messages of other nodes, as measured on the way.",

        // From a message that crosses one link of a host to one that a repair brings after a minute.
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]);

    /// <summary>A message has arrived; own ones do not count.</summary>
    public void Note(in BroadcastMessage message)
    {
        if (message.Hops > 0)
        {
            Histogram.Record(message.Age.TotalSeconds);
        }
    }
}
