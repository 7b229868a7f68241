namespace Hearsay.Agent.Tests;

/// <summary>Runs the command in this process and keeps what it wrote.</summary>
internal static class Cli
{
    /// <summary>What the run of the tests is told this way is no option of an agent, which would warn of it.</summary>
    static Cli()
    {
        Environment.SetEnvironmentVariable("HEARSAY_REPORTS", null);
        Environment.SetEnvironmentVariable("HEARSAY_CAMPAIGNS", null);
    }

    public static Task<(int ExitCode, string Output, string Error)> RunAsync(string arguments) =>
        RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The same with words that may be empty.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Program.RunAsync(words, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
