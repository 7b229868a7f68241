using Hearsay.Lab.Contract;

namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>
/// All schedules of a length. They are followed step by step, all of one length together. Schedules that lead to the
/// same state, on disks, in memory, under way and in the ideal nodes, go on alike and are followed once; their number
/// is kept. Nodes are interchangeable, so they are named in the order in which something happens to them. A state is
/// rebuilt from its steps, so the product needs no copying. At the end only what can be seen is told apart: what is
/// still under way or on old disks changes no verdict.
/// </summary>
internal static class ExhaustiveSchedules
{
    private const int ChunkSize = 2_048;

    /// <summary>Follows all schedules.</summary>
    /// <param name="options">The world.</param>
    /// <param name="operations">Steps of each.</param>
    /// <param name="threads">How many threads to use; what is found does not depend on it.</param>
    /// <param name="progress">Is told how far it is.</param>
    public static ScheduleTally Run(ScheduleOptions options, int operations, int threads, ILabProgress progress)
    {
        var (tally, judged) = (new ScheduleTally(), new HashSet<UInt128>());
        List<(ScheduleStep[] Steps, double Ways)> frontier = [([], 1)];
        for (var length = 1; length <= operations; length++)
        {
            var (places, next) = (new Dictionary<UInt128, int>(), new List<(ScheduleStep[] Steps, double Ways)>());
            var unjudged = new List<ScheduleStep[]>();
            tally.Schedules = 0;
            for (var start = 0; start < frontier.Count; start += ChunkSize)
            {
                var chunk = frontier.GetRange(start, Math.Min(ChunkSize, frontier.Count - start));
                var children = new List<(ScheduleStep Step, UInt128 Hash, UInt128 Present)>[chunk.Count];
                var isLast = length == operations;
                LabWork.SideBySide(chunk.Count, threads, i => children[i] = Expand(options, chunk[i].Steps, isLast));
                for (var i = 0; i < chunk.Count; i++)
                {
                    foreach (var (step, hash, present) in children[i])
                    {
                        tally.Schedules += chunk[i].Ways;
                        if (judged.Add(present))
                        {
                            unjudged.Add([.. chunk[i].Steps, step]);
                        }

                        if (isLast)
                        {
                            continue;
                        }

                        if (places.TryGetValue(hash, out var place))
                        {
                            next[place] = next[place] with { Ways = next[place].Ways + chunk[i].Ways };
                        }
                        else
                        {
                            places[hash] = next.Count;
                            next.Add(([.. chunk[i].Steps, step], chunk[i].Ways));
                        }
                    }
                }

                var done = Math.Min(start + ChunkSize, frontier.Count);
                progress.Report((length - 1 + (done / (2.0 * frontier.Count))) / operations);
            }

            Judge(options, unjudged, threads, tally);
            frontier = next;
            progress.Report(length / (double)operations);
        }

        return tally;
    }

    private static List<(ScheduleStep Step, UInt128 Hash, UInt128 Present)> Expand(
        ScheduleOptions options, ScheduleStep[] before, bool isLast)
    {
        var (possible, children) = (new List<ScheduleStep>(), new List<(ScheduleStep, UInt128, UInt128)>());
        Replay(options, before).AddPossible(possible, symmetric: true, before);
        foreach (var step in possible)
        {
            var world = Replay(options, before);
            if (world.Do(step))
            {
                // Nothing follows the last step, so only what can be seen then counts.
                children.Add((step, isLast ? 0 : world.Hash(), world.PresentHash()));
            }
        }

        return children;
    }

    private static ScheduleWorld Replay(ScheduleOptions options, ScheduleStep[] steps)
    {
        var world = new ScheduleWorld(options);
        foreach (var step in steps)
        {
            world.Do(step);
        }

        return world;
    }

    private static void Judge(
        ScheduleOptions options, List<ScheduleStep[]> states, int threads, ScheduleTally tally)
    {
        var parts = new ScheduleTally[(states.Count + ChunkSize - 1) / ChunkSize];
        var first = tally.Judged;
        LabWork.SideBySide(parts.Length, threads, part =>
        {
            parts[part] = new ScheduleTally();
            for (var i = part * ChunkSize; i < Math.Min(states.Count, (part + 1) * ChunkSize); i++)
            {
                var world = Replay(options, states[i]);
                parts[part].Count(first + i, states[i], world, world.Judge());
            }
        });
        foreach (var part in parts)
        {
            tally.Add(part);
        }
    }
}
