namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>One step of a schedule.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Node">To which node.</param>
/// <param name="Other">The other node of an exchange or a clone.</param>
/// <param name="Index">Which key, event, row or older store.</param>
internal readonly record struct ScheduleStep(StepKind Kind, int Node, int Other = -1, int Index = -1)
{
    /// <inheritdoc/>
    public override string ToString() => Kind.ToString().ToLowerInvariant() + " " + Node
        + (Other >= 0 ? $"<{Other}" : "") + (Index >= 0 ? $"#{Index}" : "");
}
