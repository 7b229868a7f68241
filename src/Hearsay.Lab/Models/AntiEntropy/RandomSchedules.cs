using Hearsay.Protocols;

namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>Schedules whose steps are drawn.</summary>
internal static class RandomSchedules
{
    private const ulong Purpose = 0x5343_4845_44;

    /// <summary>How often each kind is drawn among those that are possible, in the order of the kinds.</summary>
    private static readonly int[] s_weights = [6, 4, 3, 2, 2, 9, 4, 3, 3, 4, 1, 2, 1, 1, 2, 2, 1, 1, 2, 4];

    /// <summary>Runs one schedule and counts it.</summary>
    public static void Run(ScheduleOptions options, int operations, ulong seed, int number, ScheduleTally tally)
    {
        var random = SeededRandom.For(seed, (ulong)number, (ulong)options.Store, Purpose);
        var (world, steps, possible) =
            (new ScheduleWorld(options), new List<ScheduleStep>(operations), new List<ScheduleStep>());
        for (var i = 0; i < operations; i++)
        {
            possible.Clear();
            world.AddPossible(possible, symmetric: false, []);
            var step = Draw(possible, ref random);
            steps.Add(step);
            world.Do(step);
        }

        tally.Schedules++;
        tally.Count(number, steps, world, world.Judge());
    }

    private static ScheduleStep Draw(List<ScheduleStep> possible, ref SeededRandom random)
    {
        Span<int> counts = stackalloc int[s_weights.Length];
        counts.Clear();
        foreach (var step in possible)
        {
            counts[(int)step.Kind]++;
        }

        var total = 0;
        for (var kind = 0; kind < counts.Length; kind++)
        {
            total += counts[kind] > 0 ? s_weights[kind] : 0;
        }

        var (drawn, chosen) = (random.Below(total), 0);
        while (counts[chosen] == 0 || drawn >= s_weights[chosen])
        {
            drawn -= counts[chosen] > 0 ? s_weights[chosen] : 0;
            chosen++;
        }

        var place = random.Below(counts[chosen]);
        foreach (var step in possible)
        {
            if ((int)step.Kind == chosen && place-- == 0)
            {
                return step;
            }
        }

        throw new InvalidOperationException("A kind that is possible has no step.");
    }
}
