namespace Hearsay.Agent.Tests;

/// <summary>An agent as its user starts it.</summary>
internal sealed class AgentProcess : HearsayProcess
{
    public AgentProcess(params string[] arguments)
        : base(["agent", .. arguments])
    {
    }

    public AgentProcess(IReadOnlyDictionary<string, string> environment, params string[] arguments)
        : base(environment, ["agent", .. arguments])
    {
    }

    /// <summary>From the line it prints when it has started.</summary>
    public string Id => Field("id ");

    /// <summary>From the same line.</summary>
    public string Address => Field("address ");

    /// <summary>Where it serves HTTP, from the same line.</summary>
    public string Url => Field("http ");

    /// <summary>The peers of the last status line, as ID@ADDRESS.</summary>
    public string[] Peers => Lines.LastOrDefault(IsStatus) is { } line && line.Contains(':')
        ? line[(line.IndexOf(':') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
        : [];

    public Task StartedAsync() =>
        UntilAsync(() => Lines.Any(line => line.StartsWith("started: ", StringComparison.Ordinal)), "it started");

    private static bool IsStatus(string line) => line.StartsWith("peers ", StringComparison.Ordinal);

    private string Field(string name)
    {
        var line = Lines.First(line => line.StartsWith("started: ", StringComparison.Ordinal));
        return line[(line.IndexOf(name, StringComparison.Ordinal) + name.Length)..].Split(',')[0];
    }
}
