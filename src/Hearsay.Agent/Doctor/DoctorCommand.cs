using System.CommandLine;
using Hearsay.Agent.Calls;
using Hearsay.Agent.Settings;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Doctor;

/// <summary><c>hearsay doctor</c>: what is wrong with a set-up.</summary>
internal static class DoctorCommand
{
    /// <summary>The command with its options: those of the agent that it is about.</summary>
    public static Command Create()
    {
        var command = new Command(
            "doctor", "Look at the set-up of an agent, with the options that the agent has, and say what is wrong and "
            + "what to do. It starts no agent; to try the seeds it visits them as a guest. Exit code 1 if something "
            + "is wrong.");
        var options = new AgentOptionSet();
        options.AddTo(command);
        var json = new Option<bool>("--json") { Description = "Print a JSON array" };
        var agent = new AgentOptions();
        command.Options.Add(json);
        agent.AddTo(command, json: false);
        command.SetAction((parsed, _) => RunAsync(parsed, options, agent, parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, AgentOptionSet options, AgentOptions agent, bool isJson)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        using var signals = new StopSignals();
        try
        {
            var examination = new Examination(
                options.Read(parsed), agent.NamedUrl(parsed), agent.Token(parsed));
            List<Finding> findings;
            using (new Patience(error, () => examination.Doing, counts: true, TimeSpan.Zero))
            {
                findings = await examination.RunAsync(signals.Token).ConfigureAwait(false);
            }

            foreach (var line in isJson ? FindingText.Json(findings) : FindingText.Lines(findings))
            {
                await output.WriteLineAsync(line).ConfigureAwait(false);
            }

            return findings.Exists(static finding => finding.Level == FindingLevel.Problem) ? ExitCode.Failed : 0;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return signals.ExitCode;
        }
        catch (ArgumentException wrong)
        {
            await error.WriteLineAsync(wrong.Message).ConfigureAwait(false);
            return ExitCode.UsageError;
        }
    }
}
