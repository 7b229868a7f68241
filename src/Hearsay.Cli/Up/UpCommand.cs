using System.CommandLine;
using Hearsay.Agent.Shell;
using Hearsay.Cli.Play.Site;
using Hearsay.Cli.Up.Display;
using Hearsay.Cli.Up.Network;
using Hearsay.Protocols.Sampling;
using Spectre.Console;

namespace Hearsay.Cli.Up;

/// <summary>
/// <c>hearsay up</c>: a real network in one process, to watch it form, lose nodes and heal.
/// </summary>
internal static class UpCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var arguments = new UpArguments();
        var command = new Command(
            "up",
            "Starts a network of real nodes on this machine, all from one seed node, and shows it converge: "
            + "one component, and views that hold 99 % of what they can in the mean and half of it each. "
            + "Exit codes: 0, 1 if it never converged, 2 for a usage error, 130 and 143 after Ctrl-C and SIGTERM.");
        arguments.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(arguments, parsed));
        return command;
    }

    private static async Task<int> RunAsync(UpArguments arguments, ParseResult parsed)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var settings = arguments.Read(parsed, out var errors);
        if (errors.Count > 0)
        {
            await error.WriteLineAsync(string.Join(Environment.NewLine, errors)).ConfigureAwait(false);
            return ExitCode.UsageError;
        }

        if (DescriptorLimit.Problem(settings.Nodes) is { } problem)
        {
            await error.WriteLineAsync(problem).ConfigureAwait(false);
            return ExitCode.Failed;
        }

        using var signals = new StopSignals();
        var site = settings.Play ? await SiteFolder.FindAsync(error, signals.Token).ConfigureAwait(false) : null;
        if (settings.Play && site is null)
        {
            return signals.ExitCode != 0 ? signals.ExitCode : ExitCode.Failed;
        }

        using var display = new PulseDisplay(Display(settings, output, error), TimeProvider.System);
        foreach (var warning in PeerSamplingValidation.Warnings(settings.Sampling))
        {
            display.Note("Warning: " + SamplingSettings.InOptionNames(warning));
        }

        try
        {
            var run = new UpRun(settings, display, site);
            await display.ShowAsync(() => run.RunAsync(signals.Token)).ConfigureAwait(false);
            display.Summary(run.Result);
            return signals.ExitCode != 0 && !run.Stayed
                ? signals.ExitCode : run.Result.CyclesToConverge is null ? 1 : 0;
        }
        catch (NetworkNotStartedException failure)
        {
            await error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    private static IUpDisplay Display(UpSettings settings, TextWriter output, TextWriter error)
    {
        if (settings.Json)
        {
            return new JsonDisplay(output, error, everyCycle: !Console.IsErrorRedirected);
        }

        return output == Console.Out && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive
            ? new TerminalDisplay(AnsiConsole.Console, settings)
            : new PlainDisplay(output, settings);
    }
}
