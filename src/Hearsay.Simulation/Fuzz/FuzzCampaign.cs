using System.Globalization;
using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>Swarm testing: every seed is another configuration with another set of things that go wrong.</summary>
public static class FuzzCampaign
{
    /// <summary>Runs all seeds, in parallel; the ledger is the same whatever the number of threads.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="progress">Told how many seeds are done, from any thread; or null.</param>
    /// <param name="cancellationToken">Ends the campaign early, with an exception.</param>
    /// <exception cref="FormatException">The replay text is not one.</exception>
    public static FuzzLedger Run(
        FuzzOptions options, Action<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var replay = options.Replay is { } text ? ParseReplay(text, options.IsProtected) : null;
        var outcomes = new FuzzOutcome[replay is null ? options.Seeds : 1];
        var done = 0;
        var threads = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount,
            CancellationToken = cancellationToken,
        };
        Parallel.For(0, outcomes.Length, threads, i =>
        {
            outcomes[i] = Run(options, replay ?? CaseOf(options.SeedStart + (ulong)i, options));
            progress?.Invoke(Interlocked.Increment(ref done));
        });
        return Sum(options, replay, outcomes);
    }

    /// <summary>Runs the one case of <see cref="FuzzOptions.Replay"/>, and writes what happens in it.</summary>
    /// <param name="options">The options; <see cref="FuzzOptions.Replay"/> is set.</param>
    /// <param name="destination">Where the trace is written to; see <see cref="NetworkTrace"/>.</param>
    /// <exception cref="FormatException">The replay text is not one.</exception>
    /// <exception cref="IOException">The destination cannot be written.</exception>
    public static FuzzOutcome Trace(FuzzOptions options, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(options.Replay);
        return Run(options, ParseReplay(options.Replay, options.IsProtected), destination);
    }

    /// <summary>The case a replay text stands for.</summary>
    /// <exception cref="FormatException">It is not a seed, or what follows is not a fault plan.</exception>
    public static FuzzCase ParseReplay(string text) => ParseReplay(text, hasAttackers: false);

    private static FuzzCase ParseReplay(string text, bool hasAttackers)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(' ', 2, StringSplitOptions.TrimEntries);
        if (!ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
        {
            throw new FormatException($"A replay begins with a seed, not '{parts[0]}'.");
        }

        var fuzz = FuzzCase.FromSeed(seed);
        if (parts.Length == 1)
        {
            return hasAttackers ? fuzz.WithAttackers() : fuzz;
        }

        return FaultPlan.TryParse(parts[1], out var plan)
            ? fuzz with { Plan = plan }
            : throw new FormatException($"'{parts[1]}' is not a fault plan.");
    }

    private static FuzzOutcome Run(FuzzOptions options, FuzzCase fuzz, Stream? destination = null) =>
        FuzzRun.Run(fuzz, options.Cipher, destination, options.Identities);

    /// <summary>Attackers on the path are a matter of the modes that protect packets.</summary>
    private static FuzzCase CaseOf(ulong seed, FuzzOptions options) =>
        options.IsProtected ? FuzzCase.FromSeed(seed).WithAttackers() : FuzzCase.FromSeed(seed);

    private static FuzzLedger Sum(FuzzOptions options, FuzzCase? replay, FuzzOutcome[] outcomes)
    {
        var failures = new List<FuzzFailure>();
        foreach (var outcome in outcomes.Where(outcome => outcome.Rule is not null))
        {
            failures.Add(Describe(outcome, replay, shrink: failures.Count < options.Shrinks, options));
        }

        return new FuzzLedger
        {
            Seeds = outcomes.Length,
            SeedStart = replay?.Seed ?? options.SeedStart,
            LivenessChecked = outcomes.Count(outcome => outcome.CheckedLiveness),
            SimulatedHours = outcomes.Sum(outcome => outcome.Time.TotalHours),
            NodeHours = outcomes.Sum(outcome => outcome.NodeTime.TotalHours),
            Events = outcomes.Sum(outcome => outcome.Events),
            Faults = CountFaults(outcomes, options.IsProtected),
            Violations = new SortedDictionary<string, int>(
                failures.GroupBy(failure => failure.Rule).ToDictionary(group => group.Key, group => group.Count()),
                StringComparer.Ordinal),
            Failures = failures,
            TraceHash = outcomes.Aggregate(0UL, (hash, outcome) => SeededRandom.Mix(hash ^ outcome.TraceHash) + 1)
                .ToString("x16", CultureInfo.InvariantCulture),
        };
    }

    private static FuzzFailure Describe(
        FuzzOutcome outcome, FuzzCase? replay, bool shrink, FuzzOptions options)
    {
        var fuzz = replay ?? CaseOf(outcome.Seed, options);
        var command = Command(outcome.Seed, replay?.Plan, options);
        var message = $"{outcome.Message} ({fuzz.Describe()})";
        if (!shrink)
        {
            return new FuzzFailure(outcome.Seed, outcome.Rule!, message, command, null, null);
        }

        var plan = PlanShrinker.Shrink(
            fuzz.Plan, shorter => Run(options, fuzz with { Plan = shorter }).Rule == outcome.Rule);
        return new FuzzFailure(
            outcome.Seed, outcome.Rule!, message, command, plan.ToString(), Command(outcome.Seed, plan, options));
    }

    /// <summary>The option of the command that chooses the mode, with a blank behind it; empty for mode open.</summary>
    internal static string SecurityOf(FuzzOptions options) => options.Identities is not null ? "--security identity "
        : options.Cipher is not null ? "--security key " : string.Empty;

    private static string Command(ulong seed, FaultPlan? plan, FuzzOptions options) =>
        $"hearsay lab fuzz {SecurityOf(options)}--replay \""
        + string.Create(CultureInfo.InvariantCulture, $"{seed}")
        + (plan is null ? "\"" : $" {plan}\"");

    private static SortedDictionary<string, long> CountFaults(FuzzOutcome[] outcomes, bool hasAttackers)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var kind in Enum.GetValues<FaultKind>().Where(kind => hasAttackers || kind != FaultKind.Attack))
        {
            var name = Enum.GetName(kind)!;
            counts[char.ToLowerInvariant(name[0]) + name[1..]] = outcomes.Sum(outcome => outcome.Faults[(int)kind]);
        }

        counts["packetsLost"] = outcomes.Sum(outcome => outcome.Links.Lost);
        counts["packetsDuplicated"] = outcomes.Sum(outcome => outcome.Links.Duplicated);
        counts["packetsReplayed"] = outcomes.Sum(outcome => outcome.Links.Replayed);
        counts["packetsReordered"] = outcomes.Sum(outcome => outcome.Links.Reordered);
        counts["packetsCorrupted"] = outcomes.Sum(outcome => outcome.Links.Corrupted);
        counts["packetsTruncated"] = outcomes.Sum(outcome => outcome.Links.Truncated);
        if (hasAttackers)
        {
            counts["packetsTampered"] = outcomes.Sum(outcome => outcome.Links.Tampered);
            counts["packetsInjected"] = outcomes.Sum(outcome => outcome.Links.Injected);
        }

        return counts;
    }
}
