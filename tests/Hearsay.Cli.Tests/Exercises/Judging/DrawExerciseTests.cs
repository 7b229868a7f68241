using Hearsay.Cli.Exercises.Judging;
using Hearsay.Exercises;

namespace Hearsay.Cli.Tests.Exercises.Judging;

/// <summary>A right solution of exercise 2 passes, and wrong ones do not.</summary>
public sealed class DrawExerciseTests
{
    [Fact]
    public void A_right_solution_passes() => Assert.Empty(Fails(static () => new Draws()));

    [Fact]
    public void Wrong_solutions_fail_where_they_are_wrong()
    {
        Assert.Contains("nobody comes twice before all have come once", Fails(static () => new WithReplacement()));
        Assert.Contains("an empty view gives nobody", Fails(static () => new WithReplacement()));
        Assert.Contains("who has left the view is not drawn any more", Fails(static () => new Queue()));
        Assert.Contains(
            "who comes into the view has a turn before anybody has a second one", Fails(static () => new Queue()));
        Assert.Equal(["the order is not always the same"], Fails(static () => new Draws { Shuffles = false }));
        Assert.Contains("then all come once more", Fails(static () => new Draws { StartsAgain = false }));
    }

    private static List<string> Fails(Func<IPeerDraws> create) => [.. DrawExercise.Create().Trials(create)
        .Select(static trial => trial.Judge())
        .Where(static finding => finding.Breach is not null).Select(static finding => finding.Property)];

    private sealed class Draws : IPeerDraws
    {
        private readonly HashSet<int> _had = [];

        public bool Shuffles { get; init; } = true;

        public bool StartsAgain { get; init; } = true;

        public int? Draw(IReadOnlyList<int> view, Random random)
        {
            if (view.Count > 0 && StartsAgain && view.All(_had.Contains))
            {
                _had.Clear();
            }

            var left = view.Where(peer => !_had.Contains(peer)).ToList();
            if (left.Count == 0)
            {
                return null;
            }

            var drawn = left[Shuffles ? random.Next(left.Count) : 0];
            _had.Add(drawn);
            return drawn;
        }
    }

    private sealed class WithReplacement : IPeerDraws
    {
        public int? Draw(IReadOnlyList<int> view, Random random) => view[random.Next(view.Count)];
    }

    /// <summary>Keeps a shuffled queue of what the view was when the round began.</summary>
    private sealed class Queue : IPeerDraws
    {
        private readonly Queue<int> _queue = new();

        public int? Draw(IReadOnlyList<int> view, Random random)
        {
            if (_queue.Count == 0)
            {
                var round = view.ToArray();
                random.Shuffle(round);
                Array.ForEach(round, _queue.Enqueue);
            }

            return _queue.TryDequeue(out var peer) ? peer : null;
        }
    }
}
