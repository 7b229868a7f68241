using Hearsay.Cli.Exercises.Judging;
using Hearsay.Exercises;

namespace Hearsay.Cli.Tests.Exercises.Judging;

/// <summary>A right solution of exercise 1 passes, and each wrong one fails where it is wrong.</summary>
public sealed class MergeExerciseTests
{
    private const string Given = "the view that was given is left as it was";
    private const string Self = "the node is never in its own view";
    private const string Twice = "nobody is there twice";
    private const string Best = "what is known best of a node is what is kept";
    private const string Count = "no more is thrown away than must be, and no less";
    private const string Healing = "healing is done as H says";
    private const string Swap = "swap is done as S says, after healing";
    private const string Chance = "where the rules leave a choice, chance makes it";

    [Fact]
    public void A_right_solution_passes() => Assert.Equal("", Fails(new Merge()));

    [Fact]
    public void Wrong_solutions_fail_where_they_are_wrong()
    {
        Assert.Contains(Healing, Fails(new Merge { Heals = false }), StringComparison.Ordinal);
        Assert.Equal(Swap, Fails(new Merge { Swaps = false }));
        Assert.Contains(Swap, Fails(new Merge { SwapsFirst = true }), StringComparison.Ordinal);
        Assert.Equal(Chance, Fails(new Merge { Chooses = false }));
        Assert.Contains(Self, Fails(new Merge { DropsSelf = false }), StringComparison.Ordinal);
        Assert.Contains(Best, Fails(new Merge { PrefersOld = true }), StringComparison.Ordinal);
        Assert.Contains(Given, Fails(new Merge { ChangesView = true }), StringComparison.Ordinal);
        Assert.Contains(Count, Fails(new Merge { Room = -1 }), StringComparison.Ordinal);
        Assert.Contains(Count, Fails(new Merge { Room = 1 }), StringComparison.Ordinal);
        Assert.Contains(Twice, Fails(new Merge { Doubles = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void What_throws_or_never_ends_fails_and_ends_nothing_else()
    {
        var findings = MergeExercise.Create().Trials(static () => new Thrower())
            .Select(static trial => trial.Judge());
        Assert.All(findings, static finding => Assert.Contains("NotSupportedException: no", finding.Breach,
            StringComparison.Ordinal));
    }

    private static string Fails(Merge solution) => string.Join("|", MergeExercise.Create()
        .Trials(() => solution).Select(static trial => trial.Judge())
        .Where(static finding => finding.Breach is not null)
        .Select(static finding => finding.Property));

    private sealed class Thrower : IViewMerge
    {
        public IReadOnlyList<ViewEntry> Merge(
            IReadOnlyList<ViewEntry> view, IReadOnlyList<ViewEntry> received, IReadOnlyList<int> sent, ViewRules rules,
            Random random) => throw new NotSupportedException("no");
    }

    /// <summary>The merge of the paper, with a switch for each mistake.</summary>
    private sealed class Merge : IViewMerge
    {
        public bool Heals { get; init; } = true;

        public bool Swaps { get; init; } = true;

        public bool SwapsFirst { get; init; }

        public bool Chooses { get; init; } = true;

        public bool DropsSelf { get; init; } = true;

        public bool PrefersOld { get; init; }

        public bool ChangesView { get; init; }

        public bool Doubles { get; init; }

        public int Room { get; init; }

        IReadOnlyList<ViewEntry> IViewMerge.Merge(
            IReadOnlyList<ViewEntry> view, IReadOnlyList<ViewEntry> received, IReadOnlyList<int> sent, ViewRules rules,
            Random random)
        {
            if (ChangesView && view is List<ViewEntry> { Count: > 0 } list)
            {
                list[0] = list[0] with { Age = 0 };
            }

            var all = view.Concat(received).Where(entry => !DropsSelf || entry.Node != rules.Self)
                .OrderBy(entry => PrefersOld ? -entry.Age : entry.Age)
                .DistinctBy(entry => Doubles ? (entry.Node, entry.Age) : (entry.Node, 0)).ToList();
            var surplus = Math.Max(0, all.Count - (rules.Size + Room));
            if (SwapsFirst)
            {
                surplus = Swap(all, sent, rules, surplus);
            }

            for (var i = 0; Heals && i < rules.Healing && surplus > 0; i++, surplus--)
            {
                all.Remove(all.MaxBy(static entry => entry.Age));
            }

            surplus = SwapsFirst ? surplus : Swap(all, sent, rules, surplus);
            for (; surplus > 0; surplus--)
            {
                all.RemoveAt(Chooses ? random.Next(all.Count) : all.Count - 1);
            }

            return all;
        }

        private int Swap(List<ViewEntry> all, IReadOnlyList<int> sent, ViewRules rules, int surplus)
        {
            for (var i = 0; Swaps && i < rules.Swap && surplus > 0; i++)
            {
                var place = all.FindIndex(entry => sent.Contains(entry.Node));
                if (place < 0)
                {
                    break;
                }

                all.RemoveAt(place);
                surplus--;
            }

            return surplus;
        }
    }
}
