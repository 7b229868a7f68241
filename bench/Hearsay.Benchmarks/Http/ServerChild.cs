using System.Diagnostics;
using System.Globalization;

namespace Hearsay.Benchmarks.Http;

/// <summary>A <see cref="HttpServerProcess"/> as its parent sees it.</summary>
internal sealed class ServerChild : IDisposable
{
    private readonly Process _process;

    private ServerChild(Process process) => _process = process;

    /// <summary>Where it serves.</summary>
    public int Port { get; private init; }

    /// <summary>Starts it.</summary>
    public static async Task<ServerChild> StartAsync(params string[] arguments)
    {
        var program = Environment.ProcessPath!;
        string[] before = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? ["exec", typeof(ServerChild).Assembly.Location] : [];
        var process = Process.Start(new ProcessStartInfo(program, [.. before, HttpServerProcess.Command, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        return new ServerChild(process) { Port = new Uri((await process.StandardOutput.ReadLineAsync())!).Port };
    }

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Tells it a line, and returns its answer.</summary>
    public async Task<string> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        return (await _process.StandardOutput.ReadLineAsync())!;
    }

    /// <summary>The same for an answer that is numbers.</summary>
    public async Task<long[]> AskNumbersAsync(string line) =>
        [.. (await AskAsync(line)).Split(' ').Select(static part => long.Parse(part, CultureInfo.InvariantCulture))];

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
