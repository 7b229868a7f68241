using System.Globalization;
using Hearsay.Protocols;
using Hearsay.Simulation.Network;

namespace Hearsay.Simulation;

/// <summary>Faults in the order of their moments; one line of text, faults separated by <c>;</c>.</summary>
public sealed class FaultPlan
{
    /// <summary>A plan of these faults.</summary>
    public FaultPlan(IEnumerable<Fault> faults) => Faults = [.. faults.OrderBy(fault => fault.At)];

    /// <summary>Nothing goes wrong.</summary>
    public static FaultPlan None { get; } = new([]);

    /// <summary>The faults, the earliest first.</summary>
    public IReadOnlyList<Fault> Faults { get; }

    /// <summary>The time at which the last effect ends.</summary>
    public Instant End => Faults.Count == 0 ? Instant.Zero : Faults.Max(fault => fault.End);

    /// <summary>Reads a plan; the empty text is the empty plan.</summary>
    /// <returns>False if a part of it is not a fault.</returns>
    public static bool TryParse(string text, out FaultPlan plan)
    {
        ArgumentNullException.ThrowIfNull(text);
        plan = None;
        var faults = new List<Fault>();
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Fault.TryParse(part, out var fault))
            {
                return false;
            }

            faults.Add(fault);
        }

        plan = new FaultPlan(faults);
        return true;
    }

    /// <summary>Churn at a constant rate: nodes crash one after the other and start again with new ids.</summary>
    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="from">When it begins.</param>
    /// <param name="span">How long it lasts.</param>
    /// <param name="sharePerSecond">The share of nodes replaced in a second.</param>
    /// <param name="random">The generator.</param>
    public static IEnumerable<Fault> Churn(
        int nodes, Instant from, TimeSpan span, double sharePerSecond, ref SeededRandom random)
    {
        var faults = new List<Fault>();
        var mean = TimeSpan.FromSeconds(1 / (nodes * sharePerSecond));
        var at = from;
        while ((at += mean * -ExactMath.Log(1 - random.NextDouble())) < from + span)
        {
            faults.Add(new Fault(FaultKind.Forget, at, random.Below(nodes)));
        }

        return faults;
    }

    /// <summary>
    /// Churn with measured session lengths: every node lives for one of the given lengths, and then a new node takes
    /// its place.
    /// </summary>
    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="sessions">Session lengths to draw from.</param>
    /// <param name="until">When it ends.</param>
    /// <param name="random">The generator.</param>
    public static IEnumerable<Fault> Trace(
        int nodes, IReadOnlyList<TimeSpan> sessions, Instant until, ref SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentOutOfRangeException.ThrowIfZero(sessions.Count);
        var faults = new List<Fault>();
        for (var node = 0; node < nodes; node++)
        {
            // The first session is under way already.
            var at = Instant.Zero + (sessions[random.Below(sessions.Count)] * random.NextDouble());
            while (at < until)
            {
                faults.Add(new Fault(FaultKind.Forget, at, node));
                at += TimeSpan.FromTicks(Math.Max(1, sessions[random.Below(sessions.Count)].Ticks));
            }
        }

        return faults;
    }

    /// <summary>
    /// Reads session lengths: seconds, the first field of each line of CSV; other lines are passed over.
    /// </summary>
    public static IReadOnlyList<TimeSpan> ReadSessions(string csv)
    {
        ArgumentNullException.ThrowIfNull(csv);
        var sessions = new List<TimeSpan>();
        foreach (var line in csv.Split('\n'))
        {
            var first = line.Split(',')[0].Trim();
            if (double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                && seconds is > 0 and < 1e9)
            {
                sessions.Add(TimeSpan.FromSeconds(seconds));
            }
        }

        return sessions;
    }

    /// <summary>The plan as one line.</summary>
    public override string ToString() => string.Join(';', Faults);
}
