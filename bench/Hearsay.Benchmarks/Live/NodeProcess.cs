using System.Diagnostics;
using System.Globalization;

namespace Hearsay.Benchmarks.Live;

/// <summary>A <see cref="KillNode"/> as its parent sees it: a process, and the lines it writes.</summary>
internal sealed class NodeProcess : IDisposable
{
    private readonly Process _process;
    private readonly Lock _gate = new();

    /// <summary>By message, its age when it came in ms; guarded by the gate.</summary>
    private readonly Dictionary<string, double> _received = [];

    public NodeProcess(string? seed)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] before = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? ["exec", typeof(NodeProcess).Assembly.Location] : [];
        foreach (var argument in (string[])[.. before, KillNode.Command, $"{Environment.ProcessId}", seed ?? ""])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.BeginOutputReadLine();
    }

    public volatile string? Id;

    public volatile string? Address;

    public volatile bool IsReady;

    /// <summary>Whether it has published all it was told to.</summary>
    public volatile bool IsDone;

    /// <summary>Messages received more than once, or lost for want of a place to wait.</summary>
    public long Twice { get; private set; }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _received.Count;
            }
        }
    }

    public Dictionary<string, double> Received()
    {
        lock (_gate)
        {
            return new Dictionary<string, double>(_received);
        }
    }

    public void Publish(int messages, double perSecond) =>
        _process.StandardInput.WriteLine(FormattableString.Invariant($"{messages} {perSecond}"));

    /// <summary>As <c>kill -9</c>.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void OnLine(string? line)
    {
        switch (line?.Split(' '))
        {
            case ["id", var id, var address]:
                (Id, Address) = (id, address);
                break;
            case ["ready"]:
                IsReady = true;
                break;
            case ["done"]:
                IsDone = true;
                break;
            case ["lagged", var missed]:
                Twice += long.Parse(missed, CultureInfo.InvariantCulture);
                break;
            case [var message, var age]:
                lock (_gate)
                {
                    Twice += _received.TryAdd(message, double.Parse(age, CultureInfo.InvariantCulture)) ? 0 : 1;
                }

                break;
        }
    }
}
