using Hearsay.Protocols;

namespace Hearsay.Simulation.Fuzz;

/// <summary>Chooses a subset of the kinds of faults, and some of each, from a seed.</summary>
internal static class FaultChooser
{
    /// <summary>All but attackers, of whom only mode key promises anything.</summary>
    private static readonly FaultKind[] Kinds = [.. Enum.GetValues<FaultKind>().Except([FaultKind.Attack])];

    public static FaultPlan Choose(int nodes, TimeSpan cycle, TimeSpan trouble, ref SeededRandom random)
    {
        var faults = new List<Fault>();
        foreach (var kind in Kinds)
        {
            if (random.Below(3) != 0)
            {
                continue;
            }

            for (var count = 1 + random.Below(4); count > 0; count--)
            {
                faults.Add(One(kind, nodes, cycle, trouble, ref random));
            }
        }

        if (random.Below(6) == 0)
        {
            // A mass restart.
            var at = Moment(trouble, ref random);
            faults.Add(new Fault(FaultKind.Restart, at, [.. Enumerable.Range(0, nodes)]));
        }

        if (random.Below(6) == 0)
        {
            var rate = (0.001 + (0.05 * random.NextDouble())) / cycle.TotalSeconds;
            faults.AddRange(FaultPlan.Churn(nodes, Instant.Zero + (trouble / 4), trouble / 2, rate, ref random));
        }

        return new FaultPlan(faults);
    }

    /// <summary>One to three attackers, who are on the path of all nodes or of some.</summary>
    public static IEnumerable<Fault> Attackers(int nodes, TimeSpan cycle, TimeSpan trouble, ref SeededRandom random)
    {
        var faults = new Fault[1 + random.Below(3)];
        for (var i = 0; i < faults.Length; i++)
        {
            var at = Moment(trouble, ref random);
            var some = random.Below(2) == 0
                ? [.. Enumerable.Range(0, nodes)] : Some(nodes, FaultKind.Attack, ref random);
            var (longest, left) = (cycle * (5 + random.Below(60)), trouble - (at - Instant.Zero));
            var span = TimeSpan.FromMilliseconds(Math.Round((longest < left ? longest : left).TotalMilliseconds));
            faults[i] = new Fault(FaultKind.Attack, at, some, span, (1 + random.Below(10)) * 0.05);
        }

        return faults;
    }

    private static Fault One(
        FaultKind kind, int nodes, TimeSpan cycle, TimeSpan trouble, ref SeededRandom random)
    {
        var at = Moment(trouble, ref random);
        var some = Some(nodes, kind, ref random);
        var span = TimeSpan.FromMilliseconds(
            Math.Round(Math.Min((cycle * (1 + random.Below(25))).TotalMilliseconds,
                (trouble - (at - Instant.Zero)).TotalMilliseconds)));
        return kind switch
        {
            FaultKind.Slow => new Fault(kind, at, some, span, Math.Round(cycle.TotalMilliseconds / 20)),
            FaultKind.Drift => new Fault(kind, at, some, TimeSpan.Zero, 0.95 + (random.Below(11) * 0.01)),
            FaultKind.Storm => new Fault(kind, at, [], span, (1 + random.Below(10)) * 0.1),
            FaultKind.Join => new Fault(kind, at, [], TimeSpan.Zero, 1 + random.Below(3)),
            FaultKind.Pause or FaultKind.Split or FaultKind.Bridge or FaultKind.Mute =>
                new Fault(kind, at, some, span, 0),
            _ => new Fault(kind, at, some),
        };
    }

    private static int[] Some(int nodes, FaultKind kind, ref SeededRandom random)
    {
        var all = Enumerable.Range(0, nodes).ToArray();
        random.Shuffle(all.AsSpan());
        var count = kind switch
        {
            FaultKind.Antique => 2,
            FaultKind.Split or FaultKind.Bridge => 1 + random.Below((nodes / 2) + 1),
            _ => 1 + random.Below(Math.Max(1, nodes / 4)),
        };
        return all[..Math.Min(count, nodes)];
    }

    /// <summary>In whole milliseconds, so that the text of a plan says it exactly.</summary>
    private static Instant Moment(TimeSpan trouble, ref SeededRandom random) =>
        Instant.Zero + TimeSpan.FromMilliseconds(random.Below((int)trouble.TotalMilliseconds));
}
