using Hearsay.Cli.Exercises.Judging;
using Hearsay.Exercises;

namespace Hearsay.Cli.Tests.Exercises.Judging;

/// <summary>A right solution of exercise 3 passes, and wrong ones do not.</summary>
public sealed class AverageExerciseTests
{
    [Fact]
    public void A_right_solution_passes() => Assert.Empty(Fails(static () => new Node()));

    [Fact]
    public void Wrong_solutions_fail_where_they_are_wrong()
    {
        const string network = "forty nodes agree on the average, over a bad network";
        Assert.Equal(
            ["an answer that is lost costs nothing, if the node asks again", network],
            Fails(static () => new Node { Remembers = false }));
        Assert.Equal(
            ["an answer that comes twice counts once", network], Fails(static () => new Node { Counts = false }));
        Assert.Equal(["exchanges may overlap"], Fails(static () => new Mean()));
    }

    private static List<string> Fails(Func<IAveragingNode> create) => [.. AverageExercise.Create().Trials(create)
        .Select(static trial => trial.Judge())
        .Where(static finding => finding.Breach is not null).Select(static finding => finding.Property)];

    /// <summary>Answers with what the other gains; the same again when asked again.</summary>
    private sealed class Node : IAveragingNode
    {
        private readonly Dictionary<long, double> _given = [];
        private readonly HashSet<long> _heard = [];

        public bool Remembers { get; init; } = true;

        public bool Counts { get; init; } = true;

        public double Value { get; private set; }

        public void Begin(double number) => Value = number;

        public double Ask(long exchange) => Value;

        public double Answer(long exchange, double asked)
        {
            if (Remembers && _given.TryGetValue(exchange, out var known))
            {
                return known;
            }

            var difference = (Value - asked) / 2;
            Value -= difference;
            return _given[exchange] = difference;
        }

        public void Hear(long exchange, double answered) =>
            Value += _heard.Add(exchange) || !Counts ? answered : 0;
    }

    /// <summary>Answers with the mean: right as long as nothing happens meanwhile.</summary>
    private sealed class Mean : IAveragingNode
    {
        private readonly Dictionary<long, double> _given = [];
        private readonly HashSet<long> _heard = [];

        public double Value { get; private set; }

        public void Begin(double number) => Value = number;

        public double Ask(long exchange) => Value;

        public double Answer(long exchange, double asked) => _given.TryGetValue(exchange, out var known)
            ? known : _given[exchange] = Value = (Value + asked) / 2;

        public void Hear(long exchange, double answered) => Value = _heard.Add(exchange) ? answered : Value;
    }
}
