using System.Diagnostics;

namespace Hearsay.Tests;

/// <summary>The command behind a shell, which can give it closed descriptors and small limits.</summary>
internal sealed class ShellRun : IDisposable
{
    /// <summary>
    /// Only a failing test reaches it. A process takes half a second of one processor before it says its first word,
    /// and many are started at a time: beside a load of 100 that was more than 30 s.
    /// </summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(150);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    /// <summary>Starts it in the shell's place, so that a signal to it is one to the command.</summary>
    /// <param name="before">What the shell does first.</param>
    /// <param name="arguments">The command's arguments and redirections, as the shell reads them.</param>
    public ShellRun(string before, string arguments)
    {
        var script = $"{before}\nexec {Command} {arguments}";
        _process = Process.Start(new ProcessStartInfo("sh", ["-c", script])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        })!;
        _output = _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        _errors = _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// The command without its arguments, as the shell reads it. The tests may run in a program of their own.
    /// </summary>
    public static string Command
    {
        get
        {
            var dotnet = Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet";
            return $"'{dotnet}' exec '{typeof(Program).Assembly.Location}'";
        }
    }

    public bool HasExited => _process.HasExited;

    /// <summary>As <c>kill</c>.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", $"{_process.Id}"]).WaitForExit();

    public async Task<(int Code, string Output, string Errors)> ExitAsync()
    {
        using var late = new CancellationTokenSource(Deadline);
        await _process.WaitForExitAsync(late.Token);
        return (_process.ExitCode, await _output, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
