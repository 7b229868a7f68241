using Hearsay.Exercises;

namespace Hearsay.Cli.Exercises.Judging;

/// <summary>Exercise 1: the merge of peer sampling.</summary>
internal static class MergeExercise
{
    private const int Trials = 400;

    private const string Starter = """
        using Hearsay.Exercises;

        /// <summary>What a node keeps after an exchange.</summary>
        public sealed class MyMerge : IViewMerge
        {
            public IReadOnlyList<ViewEntry> Merge(
                IReadOnlyList<ViewEntry> view, IReadOnlyList<ViewEntry> received, IReadOnlyList<int> sent,
                ViewRules rules, Random random)
            {
                return received;
            }
        }

        """;

    /// <summary>The exercise.</summary>
    public static IExercise Create() => new Exercise<IViewMerge>
    {
        Number = 1,
        Task = "Merge what a partner sent into a view of c entries, by the rules of H and S.",
        Chapter = "3-parameter-space",
        Starter = Starter,
        Properties =
        [
            new("the view that was given is left as it was", static create => Try(create, static (given, _) =>
                given.View.SequenceEqual(given.Before) && given.Received.SequenceEqual(given.Came)
                    ? null : "a list that was given has changed")),
            new("nobody is there whom neither side knew", static create => Try(create, static (given, after) =>
                after.All(entry => given.Union.ContainsKey(entry.Node)) ? null : "a node that nobody named")),
            new("the node is never in its own view", static create => Try(create, static (given, after) =>
                after.All(entry => entry.Node != given.Rules.Self) ? null : "the node itself")),
            new("nobody is there twice", static create => Try(create, static (_, after) =>
                after.GroupBy(static entry => entry.Node).FirstOrDefault(static group => group.Count() > 1) is { } twice
                    ? $"node {twice.Key} {twice.Count()} times" : null)),
            new("what is known best of a node is what is kept", static create => Try(create, static (given, after) =>
                after.Where(entry => given.Union.TryGetValue(entry.Node, out var age) && age != entry.Age)
                    .Select(static entry => $"node {entry.Node} at age {entry.Age}").FirstOrDefault())),
            new("no more is thrown away than must be, and no less", static create => Try(create, AsManyAsFit)),
            new("healing is done as H says", static create => Try(create, Healed)),
            new("swap is done as S says, after healing", static create => Try(create, Swapped)),
            new("where the rules leave a choice, chance makes it", AnybodyMayGo),
        ],
    };

    private static string? Try(Func<IViewMerge> create, Func<MergeCase, IReadOnlyList<ViewEntry>, string?> look)
    {
        var solution = create();
        for (var seed = 0; seed < Trials; seed++)
        {
            var given = MergeCase.Of(seed);
            var after = solution.Merge(given.View, given.Received, given.Sent, given.Rules, new Random(seed));
            if (look(given, after) is { } breach)
            {
                return $"{given} left {MergeCase.Text(after)}: {breach}";
            }
        }

        return null;
    }

    private static string? AsManyAsFit(MergeCase given, IReadOnlyList<ViewEntry> after)
    {
        var nodes = after.Select(static entry => entry.Node).Distinct().Count();
        return nodes == Math.Min(given.Rules.Size, given.Union.Count) ? null : $"{nodes} nodes";
    }

    /// <summary>Ages are all different, so it is certain which entries are the oldest.</summary>
    private static string? Healed(MergeCase given, IReadOnlyList<ViewEntry> after)
    {
        var kept = after.Select(static entry => entry.Node).ToHashSet();
        return given.Healed.Any(kept.Contains) ? "an entry is there that healing takes" : null;
    }

    private static string? Swapped(MergeCase given, IReadOnlyList<ViewEntry> after)
    {
        var kept = after.Select(static entry => entry.Node).ToHashSet();
        var candidates = given.Union.Keys.Except(given.Healed).Where(given.Sent.Contains).ToList();
        var due = Math.Min(Math.Min(given.Rules.Swap, given.Surplus - given.Healed.Count), candidates.Count);
        var gone = candidates.Count(node => !kept.Contains(node));
        return gone >= due && !given.Healed.Any(kept.Contains)
            ? null : $"{gone} of those that were just sent are gone";
    }

    private static string? AnybodyMayGo(Func<IViewMerge> create)
    {
        var solution = create();
        ViewEntry[] view = [new(1, 1), new(2, 2), new(3, 3)], received = [new(4, 1), new(5, 2), new(6, 3)];
        var gone = new HashSet<int>();
        for (var seed = 0; seed < Trials; seed++)
        {
            var after = solution.Merge(view, received, [], new ViewRules(0, 3, 0, 0), new Random(seed));
            gone.UnionWith(Enumerable.Range(1, 6).Except(after.Select(static entry => entry.Node)));
        }

        return gone.Count == 6 ? null
            : $"with H = S = 0, and six entries for three places, {6 - gone.Count} of them never went in {Trials} runs";
    }
}
