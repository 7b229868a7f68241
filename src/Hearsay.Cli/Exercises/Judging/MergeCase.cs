using Hearsay.Exercises;

namespace Hearsay.Cli.Exercises.Judging;

/// <summary>A merge to be done, and what follows from it.</summary>
internal sealed record MergeCase(List<ViewEntry> View, List<ViewEntry> Received, List<int> Sent, ViewRules Rules)
{
    /// <summary>The view as it was given.</summary>
    public IReadOnlyList<ViewEntry> Before { get; } = [.. View];

    /// <summary>What came, as it was given.</summary>
    public IReadOnlyList<ViewEntry> Came { get; } = [.. Received];

    /// <summary>Everybody who is known, at the youngest age, without the node itself.</summary>
    public Dictionary<int, int> Union { get; } = View.Concat(Received).Where(entry => entry.Node != Rules.Self)
        .GroupBy(static entry => entry.Node)
        .ToDictionary(static group => group.Key, static group => group.Min(static entry => entry.Age));

    /// <summary>How many must go.</summary>
    public int Surplus => Math.Max(0, Union.Count - Rules.Size);

    /// <summary>Those that healing takes.</summary>
    public IReadOnlyList<int> Healed => [.. Union.OrderByDescending(static entry => entry.Value)
        .Take(Math.Min(Rules.Healing, Surplus)).Select(static entry => entry.Key)];

    /// <summary>A case that a seed stands for.</summary>
    public static MergeCase Of(int seed)
    {
        var random = new Random(seed);
        var size = random.Next(2, 9);
        var half = Math.Max(1, size / 2);
        var healing = random.Next(0, half + 1);
        var ages = Enumerable.Range(0, 60).ToArray();
        var nodes = Enumerable.Range(0, 14).ToArray();
        random.Shuffle(ages);
        random.Shuffle(nodes);
        var place = 0;
        List<ViewEntry> view = [.. nodes.Where(static node => node != 0).Take(random.Next(0, size + 1))
            .Select(node => new ViewEntry(node, ages[place++]))];
        random.Shuffle(nodes);
        List<ViewEntry> received = [.. nodes.Take(random.Next(0, size + 1))
            .Select(node => new ViewEntry(node, ages[place++]))];
        List<int> sent = [.. view.Where(_ => random.Next(2) == 0).Select(static entry => entry.Node)];
        return new MergeCase(view, received, sent, new ViewRules(0, size, healing, random.Next(0, half - healing + 1)));
    }

    /// <summary>Entries for people: node and age.</summary>
    public static string Text(IEnumerable<ViewEntry> entries) =>
        "[" + string.Join(" ", entries.Select(static entry => $"{entry.Node}:{entry.Age}")) + "]";

    /// <summary>The case for people.</summary>
    public override string ToString() =>
        $"node {Rules.Self} with c = {Rules.Size}, H = {Rules.Healing}, S = {Rules.Swap}, view {Text(Before)}, "
        + $"received {Text(Came)}, sent [{string.Join(" ", Sent)}]";
}
