using Hearsay.Simulation.Checks;

namespace Hearsay.Playground.Recording;

/// <summary>One merge, as it happened at a node: what it had, what came, what it had sent, what was left.</summary>
/// <param name="Node">The node.</param>
/// <param name="Partner">The other end of the exchange.</param>
/// <param name="IsAnswer">Whether what came was the answer to the node's own request.</param>
/// <param name="At">When, in the time of the network.</param>
/// <param name="Rules">The knobs of the node.</param>
/// <param name="Before">The view before.</param>
/// <param name="Received">The descriptors that came, this node's own left out.</param>
/// <param name="Sent">The descriptors that the node sent in the same exchange, its own left out.</param>
/// <param name="After">The view after; ages as they were at the merge.</param>
internal sealed record MergeRecord(
    int Node,
    int Partner,
    bool IsAnswer,
    Instant At,
    ExchangeRules Rules,
    IReadOnlyList<SeenEntry> Before,
    IReadOnlyList<SeenEntry> Received,
    IReadOnlyList<SeenEntry> Sent,
    IReadOnlyList<SeenEntry> After)
{
    /// <summary>Entries that had to go.</summary>
    public int Surplus => Math.Max(0, Union().Count - Rules.ViewSize);

    /// <summary>The view and what came, each peer once, at the smaller of its ages.</summary>
    public List<SeenEntry> Union()
    {
        var union = new List<SeenEntry>(Before);
        foreach (var entry in Received)
        {
            var index = union.FindIndex(known => known.Id == entry.Id);
            if (index < 0)
            {
                union.Add(entry);
            }
            else if (entry.Incarnation > union[index].Incarnation
                || (entry.Incarnation == union[index].Incarnation && entry.Age < union[index].Age))
            {
                union[index] = entry;
            }
        }

        return union;
    }

    /// <summary>
    /// Why each entry of the union is there or not, in its order: <c>kept</c>; <c>healed</c>, among the H oldest;
    /// <c>swapped</c>, among S of those sent; or <c>chance</c>. Of entries of one age that went, any may be called
    /// healed: the rule does not tell them apart.
    /// </summary>
    public IReadOnlyList<string> Reasons(IReadOnlyList<SeenEntry> union)
    {
        var reasons = new string[union.Count];
        Array.Fill(reasons, "kept");
        var gone = Enumerable.Range(0, union.Count).Where(i => !After.Any(left => left.Id == union[i].Id)).ToList();
        var surplus = gone.Count;
        var healed = gone.OrderByDescending(i => union[i].Age).Take(Math.Min(Rules.Healing, surplus)).ToList();
        healed.ForEach(i => reasons[i] = "healed");
        var rest = gone.Except(healed).ToList();
        var swapped = rest.Where(i => Sent.Any(sent => sent.Id == union[i].Id))
            .Take(Math.Min(Rules.Swap, rest.Count)).ToList();
        swapped.ForEach(i => reasons[i] = "swapped");
        rest.Except(swapped).ToList().ForEach(i => reasons[i] = "chance");
        return reasons;
    }
}
