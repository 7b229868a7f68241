namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>
/// Names of nodes. What a node does never depends on its name, so two schedules that differ in names only come to
/// states that differ in names only.
/// </summary>
internal static class NodeNames
{
    /// <summary>How many nodes some steps name, if they name them in order.</summary>
    public static int Used(ReadOnlySpan<ScheduleStep> steps)
    {
        var used = 0;
        foreach (var step in steps)
        {
            used = Math.Max(used, Math.Max(step.Node, step.Other) + 1);
        }

        return used;
    }

    /// <summary>All ways to give some names to the nodes that have them, except for that which changes nothing.
    /// </summary>
    public static IEnumerable<int[]> Others(int nodes)
    {
        IEnumerable<int[]> orders = [[]];
        for (var i = 0; i < nodes; i++)
        {
            var place = i;
            orders = orders.SelectMany(order => Enumerable.Range(0, place + 1).Select(
                at => (int[])[.. order[..at], place, .. order[at..]]));
        }

        return orders.Where(static order => order.Where((name, i) => name != i).Any());
    }

    /// <summary>The same steps of nodes with other names.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="names">The new name of each node.</param>
    /// <param name="itemsOfNode">How many items are numbered by each node.</param>
    public static ScheduleStep[] Rename(ReadOnlySpan<ScheduleStep> steps, int[] names, int itemsOfNode)
    {
        var renamed = steps.ToArray();
        foreach (ref var step in renamed.AsSpan())
        {
            var (writer, item) = Math.DivRem(step.Index / 2, itemsOfNode);
            step = step with
            {
                Node = names[step.Node],
                Other = step.Other < 0 ? step.Other : names[step.Other],
                Index = step.Kind != StepKind.Damage
                    ? step.Index : (2 * ((names[writer] * itemsOfNode) + item)) + (step.Index % 2),
            };
        }

        return renamed;
    }
}
