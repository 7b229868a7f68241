using Hearsay.Lab.Contract;
using Hearsay.Lab.Models.AntiEntropy;

namespace Hearsay.Lab.Tests.Models.AntiEntropy;

/// <summary>
/// The search follows equal states once, states that differ in names only once, and a last step once for each state of
/// the nodes that it names. It must come to the same ends as a search that follows every schedule by itself.
/// </summary>
public sealed class ExhaustiveSchedulesTests
{
    [Theory]
    [InlineData("Dots", 3, 3)]
    [InlineData("Dots", 2, 3)]
    [InlineData("EarlyContext", 3, 3)]
    [InlineData("DamagedRow", 3, 3)]
    [InlineData("ReusedEpoch", 3, 3)]
    [InlineData("BareRemoval", 3, 3)]
    [InlineData("Grace", 2, 3)]
    public void Comes_to_the_same_ends_as_following_every_schedule(string store, int replicas, int operations)
    {
        var options = new ScheduleOptions(Enum.Parse<StoreKind>(store), replicas, Keys: 2);
        var (plain, all) = (new Ends(options), new List<ScheduleStep>());
        FollowAll(plain, options, all, operations);

        var reduced = new Ends(options);
        var search = new ExhaustiveSchedules(options, operations, threads: 1)
        {
            OnJudged = (steps, present) =>
            {
                reduced.Add(steps);
                Assert.True(
                    Ends.Replay(options, steps).Present().HashAfter() == present, string.Join(", ", steps));
            },
        };
        var tally = search.Run(NoProgress.Instance);

        Assert.Equal(plain.Schedules, tally.Schedules);
        Assert.Empty(plain.Schedule.ExceptBy(reduced.Schedule.Keys, one => one.Key).Select(one => one.Value));
        Assert.Empty(reduced.Schedule.ExceptBy(plain.Schedule.Keys, one => one.Key).Select(one => one.Value));
        Assert.Equal(plain.Failures, reduced.Failures);
        Assert.True(tally.Judged < plain.Judged / 2);
    }

    /// <summary>Every schedule by itself: nothing is known of one from another.</summary>
    private static void FollowAll(Ends ends, ScheduleOptions options, List<ScheduleStep> before, int left)
    {
        var possible = new List<ScheduleStep>();
        Ends.Replay(options, before).AddPossible(possible, symmetric: true, before.ToArray());
        foreach (var step in possible)
        {
            if (!Ends.Replay(options, before).Do(step))
            {
                continue;
            }

            before.Add(step);
            ends.Add(before);
            ends.Schedules += left == 1 ? 1 : 0;
            if (left > 1)
            {
                FollowAll(ends, options, before, left - 1);
            }

            before.RemoveAt(before.Count - 1);
        }
    }

    /// <summary>What schedules come to. Those that differ in names only come to the same.</summary>
    private sealed class Ends(ScheduleOptions options)
    {
        public double Schedules { get; set; }

        public long Judged { get; private set; }

        /// <summary>A schedule that comes to each.</summary>
        public Dictionary<UInt128, string> Schedule { get; } = [];

        /// <summary>What went wrong in any of them: 1 something came back, 2 was lost, 4 replicas differed.</summary>
        public int Failures { get; private set; }

        public static ScheduleWorld Replay(ScheduleOptions options, IEnumerable<ScheduleStep> steps)
        {
            var world = new ScheduleWorld(options);
            foreach (var step in steps)
            {
                world.Do(step);
            }

            return world;
        }

        public void Add(IReadOnlyList<ScheduleStep> steps)
        {
            var (least, itemsOfNode) = (
                Replay(options, steps).Present().HashAfter(), ScheduleWorld.ItemsOfNode(options));
            ScheduleStep[] renamed = [.. steps];
            foreach (var names in options.Store == StoreKind.Grace ? [] : NodeNames.Others(options.Replicas))
            {
                var other = Replay(options, NodeNames.Rename(renamed, names, itemsOfNode)).Present().HashAfter();
                least = other < least ? other : least;
            }

            Judged++;
            if (Schedule.TryAdd(least, string.Join(", ", steps)))
            {
                var verdict = Replay(options, steps).Judge();
                Failures |= (verdict.Resurrections != 0 ? 1 : 0) | (verdict.LostWrites != 0 ? 2 : 0)
                    | (verdict.IsDivergent ? 4 : 0);
            }
        }
    }
}
