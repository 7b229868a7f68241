using System.Globalization;
using Hearsay.Exercises;

namespace Hearsay.Cli.Exercises.Judging;

/// <summary>Exercise 3: averaging that survives lost and repeated packets.</summary>
internal static class AverageExercise
{
    private const double Near = 1e-9;

    private const string Starter = """
        using Hearsay.Exercises;

        /// <summary>A node that agrees on the average with others.</summary>
        public sealed class MyNode : IAveragingNode
        {
            public double Value { get; private set; }

            public void Begin(double number) => Value = number;

            public double Ask(long exchange) => Value;

            public double Answer(long exchange, double asked) => Value;

            public void Hear(long exchange, double answered)
            {
            }
        }

        """;

    /// <summary>The exercise.</summary>
    public static IExercise Create() => new Exercise<IAveragingNode>
    {
        Number = 3,
        Task = "Let nodes agree on their average by exchanges of two, whatever the network loses or repeats.",
        Chapter = "5-agreeing-on-a-number",
        Starter = Starter,
        Properties =
        [
            new("a node begins with its own number", static create =>
                Of(create, 7) is { Value: 7 } ? null : "a node that begins with 7 has another value"),
            new("two that meet have the same value then", static create =>
            {
                var (a, b) = (Of(create, 10), Of(create, 30));
                a.Hear(1, b.Answer(1, a.Ask(1)));
                return Math.Abs(a.Value - b.Value) < Near ? null : $"10 and 30 met and have {Text(a.Value, b.Value)}";
            }),
            new("their sum is what it was", static create =>
            {
                var (a, b) = (Of(create, 10), Of(create, 30));
                a.Hear(1, b.Answer(1, a.Ask(1)));
                return Kept(40, a, b) ?? Meet(create);
            }),
            new("an answer that is lost costs nothing, if the node asks again", static create =>
            {
                var (a, b) = (Of(create, 10), Of(create, 30));
                b.Answer(1, a.Ask(1));
                a.Hear(1, b.Answer(1, a.Ask(1)));
                return Kept(40, a, b) is { } breach ? "the first answer was lost: " + breach : null;
            }),
            new("an answer that comes twice counts once", static create =>
            {
                var (a, b) = (Of(create, 10), Of(create, 30));
                var answer = b.Answer(1, a.Ask(1));
                a.Hear(1, answer);
                a.Hear(1, answer);
                return Kept(40, a, b) is { } breach ? "the answer came twice: " + breach : null;
            }),
            new("a question that is lost changes nothing", static create =>
            {
                var a = Of(create, 10);
                a.Ask(1);
                return Kept(10, a) is { } breach ? "the question was lost: " + breach : null;
            }),
            new("exchanges may overlap", static create =>
            {
                var (a, b, c) = (Of(create, 10), Of(create, 30), Of(create, 80));
                var asked = a.Ask(1);
                c.Hear(2, a.Answer(2, c.Ask(2)));
                a.Hear(1, b.Answer(1, asked));
                return Kept(120, a, b, c) is { } breach
                    ? "while 10 waited for the answer of 30, it was asked by 80: " + breach : null;
            }),
            new("forty nodes agree on the average, over a bad network", static create => Network(create)),
        ],
    };

    private static string? Meet(Func<IAveragingNode> create)
    {
        var (a, b) = (Of(create, -4), Of(create, 1));
        b.Hear(5, a.Answer(5, b.Ask(5)));
        a.Hear(6, b.Answer(6, a.Ask(6)));
        return Kept(-3, a, b);
    }

    /// <summary>Packets are lost and repeated; who hears nothing asks up to ten times.</summary>
    private static string? Network(Func<IAveragingNode> create)
    {
        var random = new Random(5);
        var numbers = Enumerable.Range(0, 40).Select(_ => Math.Round(random.NextDouble() * 100)).ToArray();
        var nodes = numbers.Select(number => Of(create, number)).ToArray();
        var exchange = 0L;
        for (var turn = 0; turn < 30 * nodes.Length; turn++)
        {
            var a = nodes[turn % nodes.Length];
            var b = nodes[(turn + 1 + random.Next(nodes.Length - 1)) % nodes.Length];
            exchange++;
            var isHeard = false;
            for (var attempt = 0; !isHeard; attempt++)
            {
                var answer = random.Next(4) > 0 || attempt > 9 ? b.Answer(exchange, a.Ask(exchange)) : double.NaN;
                isHeard = !double.IsNaN(answer) && (random.Next(4) > 0 || attempt > 9);
                for (var copy = random.Next(3); isHeard && copy >= 0; copy--)
                {
                    a.Hear(exchange, answer);
                }
            }
        }

        var worst = nodes.Max(node => Math.Abs(node.Value - numbers.Average()));
        return worst < 0.01 ? null : string.Create(CultureInfo.InvariantCulture,
            $"after 30 cycles a node is {worst:0.###} away from the average");
    }

    private static IAveragingNode Of(Func<IAveragingNode> create, double number)
    {
        var node = create();
        node.Begin(number);
        return node;
    }

    private static string? Kept(double sum, params IAveragingNode[] nodes) =>
        Math.Abs(nodes.Sum(static node => node.Value) - sum) < Near ? null : string.Create(
            CultureInfo.InvariantCulture, $"the sum was {sum} and is {nodes.Sum(static node => node.Value):0.######}");

    private static string Text(double one, double other) =>
        string.Create(CultureInfo.InvariantCulture, $"{one:0.###} and {other:0.###}");
}
