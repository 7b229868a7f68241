namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>What can be seen of a world, by hashes.</summary>
/// <param name="Differed">Whether a node did not show what it must on the way.</param>
/// <param name="Nodes">What each node shows and claims, and what it must.</param>
internal readonly record struct PresentState(bool Differed, UInt128[] Nodes)
{
    /// <summary>A number that tells apart what is judged differently.</summary>
    /// <param name="step">A step that follows, if any does.</param>
    /// <param name="effect">What that does.</param>
    public UInt128 HashAfter(ScheduleStep step = default, StepEffect? effect = null)
    {
        var hash = default(StateHash);
        hash.Add(Differed || effect?.Differs == true ? 1UL : 0);
        for (var i = 0; i < Nodes.Length; i++)
        {
            hash.Add(effect is not { } after ? Nodes[i]
                : i == step.Node ? after.Node : i == step.Other ? after.Other : Nodes[i]);
        }

        return hash.Value;
    }
}
