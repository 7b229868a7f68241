using Xunit.v3;

namespace Hearsay.Tests;

/// <summary>
/// Marks a test that repeats an experiment over many nodes, rounds or seeds and takes many seconds. <c>dotnet test</c>
/// leaves these out, so that it ends within minutes; <c>make campaigns</c> runs them, and CI runs both.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
internal sealed class CampaignAttribute : Attribute, ITraitAttribute
{
    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Campaign", "true")];
}
