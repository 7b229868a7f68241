using System.Diagnostics;

namespace Hearsay.Agent.Tests.Http;

/// <summary>Calls an agent with <c>curl</c>, as a program in another language would.</summary>
internal static class Curl
{
    /// <summary>Runs a line of a shell in which <c>curl</c> tells the status, and ends streams in time.</summary>
    /// <param name="line">The line.</param>
    /// <param name="variables">Its variables.</param>
    public static async Task<(string Status, string Body)> RunAsync(
        string line, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("sh")
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.ArgumentList.Add("-c");
        var seconds = line.Contains(" -N ", StringComparison.Ordinal) ? 3 : 100;
        start.ArgumentList.Add(
            $$"""curl() { command curl -sS --max-time {{seconds}} -w '\n%{http_code}' "$@"; }""" + $"\n{line}");
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var end = output.LastIndexOf('\n');
        Assert.True(end >= 0, $"{line}: {await errors}");
        return (output[(end + 1)..], output[..end]);
    }
}
