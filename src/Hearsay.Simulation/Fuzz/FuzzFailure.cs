namespace Hearsay.Simulation;

/// <summary>A seed under which a rule was broken.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Message">What happened.</param>
/// <param name="Command">The command that runs it again.</param>
/// <param name="Plan">The shortest plan found that breaks the same rule, or null if none was looked for.</param>
/// <param name="ShortCommand">The command that runs it with that plan, or null.</param>
public sealed record FuzzFailure(
    ulong Seed, string Rule, string Message, string Command, string? Plan, string? ShortCommand);
