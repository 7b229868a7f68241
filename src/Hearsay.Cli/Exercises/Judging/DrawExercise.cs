using Hearsay.Exercises;

namespace Hearsay.Cli.Exercises.Judging;

/// <summary>Exercise 2: draws without replacement.</summary>
internal static class DrawExercise
{
    private const int Trials = 50;

    private const string Starter = """
        using Hearsay.Exercises;

        /// <summary>Draws that repeat nobody before all have had their turn.</summary>
        public sealed class MyDraws : IPeerDraws
        {
            public int? Draw(IReadOnlyList<int> view, Random random)
            {
                return view[random.Next(view.Count)];
            }
        }

        """;

    /// <summary>The exercise.</summary>
    public static IExercise Create() => new Exercise<IPeerDraws>
    {
        Number = 2,
        Task = "Draw peers from a view that changes, and repeat nobody before all of the view have had their turn.",
        Chapter = "8-drawing-peers",
        Starter = Starter,
        Properties =
        [
            new("an empty view gives nobody", static create =>
                create().Draw([], new Random(1)) is { } drawn ? $"an empty view gave {drawn}" : null),
            new("as long as somebody is known, somebody is drawn, and of the view", static create =>
                Each(create, OfView)),
            new("nobody comes twice before all have come once", static create => Each(create, NoRepeats)),
            new("then all come once more", static create => Each(create, static (draws, random) =>
            {
                var drawn = Round(draws, [1, 2, 3, 4], 12, random);
                return drawn.GroupBy(static peer => peer).All(static group => group.Count() == 3)
                    ? null : $"12 draws from [1 2 3 4] gave {Text(drawn)}";
            })),
            new("who has left the view is not drawn any more", static create => Each(create, static (draws, random) =>
            {
                var before = Round(draws, [1, 2, 3, 4, 5, 6], 2, random);
                var after = Round(draws, [1, 2, 3], 9, random);
                return after.TrueForAll(static peer => peer is 1 or 2 or 3)
                    ? null : $"after {Text(before)} the view became [1 2 3], and gave {Text(after)}";
            })),
            new("who comes into the view has a turn before anybody has a second one", static create =>
                Each(create, Newcomers)),
            new("the order is not always the same", static create =>
            {
                var orders = Enumerable.Range(0, Trials)
                    .Select(seed => Text(Round(create(), [1, 2, 3, 4, 5, 6], 6, new Random(seed)))).Distinct().Count();
                return orders > Trials / 4 ? null : $"{Trials} runs gave {orders} different orders of six";
            }),
        ],
    };

    private static string? OfView(IPeerDraws draws, Random random)
    {
        var drawn = Round(draws, [1, 2, 3, 4, 5], 23, random);
        return drawn.TrueForAll(static peer => peer is >= 1 and <= 5)
            ? null : $"23 draws from [1 2 3 4 5] gave {Text(drawn)}";
    }

    private static string? NoRepeats(IPeerDraws draws, Random random)
    {
        var drawn = Round(draws, [7, 8, 9, 10, 11, 12, 13], 7, random);
        return drawn.Distinct().Count() == 7 ? null : $"7 draws from [7 8 9 10 11 12 13] gave {Text(drawn)}";
    }

    private static string? Newcomers(IPeerDraws draws, Random random)
    {
        var before = Round(draws, [1, 2, 3, 4], 2, random);
        var after = Round(draws, [1, 2, 3, 4, 5, 6], 4, random);
        return before.Concat(after).Distinct().Count() == 6
            ? null : $"after {Text(before)} from [1 2 3 4] the view became [1 2 3 4 5 6], and gave {Text(after)}";
    }

    private static string? Each(Func<IPeerDraws> create, Func<IPeerDraws, Random, string?> look) =>
        Enumerable.Range(0, Trials).Select(seed => look(create(), new Random(seed)))
            .FirstOrDefault(static breach => breach is not null);

    private static List<int?> Round(IPeerDraws draws, int[] view, int count, Random random) =>
        [.. Enumerable.Range(0, count).Select(_ => draws.Draw([.. view], random))];

    private static string Text(IEnumerable<int?> drawn) =>
        "[" + string.Join(" ", drawn.Select(static peer => peer?.ToString() ?? "nobody")) + "]";
}
