namespace Hearsay.Exercises;

/// <summary>Exercise 1: what a node keeps after an exchange.</summary>
public interface IViewMerge
{
    /// <summary>Merges what came into the view.</summary>
    /// <param name="view">The view before. Leave it as it is.</param>
    /// <param name="received">The entries that the partner sent.</param>
    /// <param name="sent">The nodes whose entries this node has just sent to the partner.</param>
    /// <param name="rules">Who merges, and by which rules.</param>
    /// <param name="random">Where chance decides.</param>
    /// <returns>The view after.</returns>
    IReadOnlyList<ViewEntry> Merge(
        IReadOnlyList<ViewEntry> view, IReadOnlyList<ViewEntry> received, IReadOnlyList<int> sent, ViewRules rules,
        Random random);
}
