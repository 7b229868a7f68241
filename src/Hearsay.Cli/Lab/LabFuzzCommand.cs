using System.CommandLine;
using System.Text.Json;
using Hearsay.Agent.Shell;
using Hearsay.Playground;
using Hearsay.Security;
using Hearsay.Simulation;

namespace Hearsay.Cli.Lab;

/// <summary>
/// <c>hearsay lab fuzz</c>: random networks under random faults, every event judged; and replays of a failure.
/// </summary>
internal static class LabFuzzCommand
{
    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    private static readonly Option<int?> s_seeds = CheckedOption.Integer(
        "--seeds", "The number of random networks. Default 200.", 1, 10_000_000);

    private static readonly Option<ulong?> s_seedStart = CheckedOption.Create<ulong>(
        "--seed-start", "The first seed. Default 1.", "from 0 to 2^64-1", ulong.TryParse);

    private static readonly Option<string?> s_replay = new("--replay")
    {
        Description = "Runs one failure again, from the text that it printed.", HelpName = "SEED or SEED PLAN",
    };

    private static readonly Option<string?> s_trace = new("--trace")
    {
        Description = "Writes a trace of the first seed that fails, with the fewest faults that make it fail; with "
            + "--replay, of that case. 'hearsay play FILE' shows it.",
        HelpName = "FILE",
    };

    private static readonly Option<FuzzSecurity?> s_security = CheckedOption.Name<FuzzSecurity>(
        "--security", "The mode of security in which the nodes run. Default open.");

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "fuzz",
            "Runs whole nodes in random networks under random faults and judges every event; "
            + "prints the ledger as JSON. Exit codes: 0 if no rule was broken, 1 if one was, 2 for a usage error.")
        {
            s_seeds, s_seedStart, s_replay, s_security, s_trace,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var options = new FuzzOptions { Replay = parsed.GetValue(s_replay) };
        options = options with
        {
            Seeds = parsed.GetValue(s_seeds) ?? options.Seeds,
            SeedStart = parsed.GetValue(s_seedStart) ?? options.SeedStart,
            Cipher = parsed.GetValue(s_security) == FuzzSecurity.Key ? new SodiumCipher() : null,
            Identities = parsed.GetValue(s_security) == FuzzSecurity.Identity ? new SodiumFuzzIdentities() : null,
        };
        var error = parsed.InvocationConfiguration.Error;
        try
        {
            FuzzLedger ledger;
            using (var progress = new ProgressLine(error, "fuzz"))
            {
                ledger = FuzzCampaign.Run(options, done => progress.Report(done / (double)options.Seeds));
            }

            parsed.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(ledger, s_indented));
            foreach (var failure in ledger.Failures)
            {
                error.WriteLine($"To see seed {failure.Seed} fail: {WayToSee(options, failure)}");
            }

            if (parsed.GetValue(s_trace) is { } file)
            {
                Trace(options, ledger, file, error);
            }

            return ledger.Failures.Count == 0 ? 0 : 1;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"--trace: {fault.Message}");
            return ExitCode.Failed;
        }
        catch (FormatException mistake)
        {
            error.WriteLine($"--replay: {mistake.Message}");
            return ExitCode.UsageError;
        }
    }

    /// <summary>
    /// A link; or a trace, since the page seals nothing: what fails in another mode would not fail there.
    /// </summary>
    private static string WayToSee(FuzzOptions options, FuzzFailure failure) => !options.IsProtected
        ? $"hearsay play '{LinkOf(failure)}'"
        : $"hearsay lab fuzz {FuzzCampaign.SecurityOf(options)}--replay '{ReplayOf(failure)}' "
            + $"--trace seed-{failure.Seed}.trace; hearsay play seed-{failure.Seed}.trace";

    private static string ReplayOf(FuzzFailure failure) =>
        failure.Plan is { } plan ? $"{failure.Seed} {plan}" : $"{failure.Seed}";

    private static void Trace(FuzzOptions options, FuzzLedger ledger, string file, TextWriter error)
    {
        var failure = ledger.Failures.Count > 0 ? ledger.Failures[0] : null;
        var replay = failure is null ? options.Replay : ReplayOf(failure);
        if (replay is null)
        {
            error.WriteLine($"No rule was broken, so nothing was written to {file}.");
            return;
        }

        using var destination = File.Create(file);
        FuzzCampaign.Trace(options with { Replay = replay }, destination);
        error.WriteLine($"The trace is in {file}. To see it: hearsay play {file}");
    }

    /// <summary>The playground's link of a failure, with the fewest faults that are known to make it fail.</summary>
    private static string LinkOf(FuzzFailure failure) => PlayBridge.LinkOfCase(
        failure.Seed,
        failure.Plan is { } text && FaultPlan.TryParse(text, out var plan) ? plan : null);
}
