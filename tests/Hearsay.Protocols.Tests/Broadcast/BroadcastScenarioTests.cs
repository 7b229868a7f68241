using System.Reflection;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>Every scenario holds for the product. That each can fail is shown by Hearsay.Defects.Tests.</summary>
public sealed class BroadcastScenarioTests
{
    public static TheoryData<string> Scenarios =>
    [
        .. typeof(BroadcastScenarios)
            .GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Select(method => method.Name),
    ];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void The_scenario_holds(string scenario) =>
        typeof(BroadcastScenarios).GetMethod(scenario)!.CreateDelegate<Action>()();
}
