using System.Runtime.InteropServices;

namespace Hearsay.Agent.Shell;

/// <summary>
/// Turns the first Ctrl-C or SIGTERM into a cancellation, so that a command can leave cleanly. A second one ends the
/// process.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations;

    /// <summary>Listens from now on.</summary>
    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => OnSignal(context, 130)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => OnSignal(context, 143)),
    ];

    /// <summary>Cancelled by the signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The exit code that tells which signal came, as shells have it: 130 or 143; 0 before one came.</summary>
    public int ExitCode { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context, int exitCode)
    {
        if (ExitCode == 0)
        {
            context.Cancel = true;
            ExitCode = exitCode;
            _source.Cancel();
        }
    }
}
