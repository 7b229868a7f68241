using System.CommandLine;
using Hearsay.Agent.Shell;
using Hearsay.Lab;

namespace Hearsay.Cli.Lab;

/// <summary><c>hearsay lab report</c>: all figures on one page.</summary>
internal static class LabReportCommand
{
    public static Command Create()
    {
        var directory = new Option<string>("--out")
        {
            Description = "The directory for the page, index.html.", Required = true,
        };
        var quick = new Option<bool>("--quick") { Description = "Fewer runs and cycles: within three minutes." };
        var command = new Command("report", "Writes one self-contained HTML page with all figures and claims.")
        {
            directory, quick,
        };
        command.SetAction(parsed =>
        {
            try
            {
                return Run(parsed.InvocationConfiguration, parsed.GetValue(directory)!, parsed.GetValue(quick));
            }
            catch (LabUsageException wrong)
            {
                parsed.InvocationConfiguration.Error.WriteLine(wrong.Message);
                return ExitCode.UsageError;
            }
        });
        return command;
    }

    private static int Run(InvocationConfiguration console, string directory, bool quick)
    {
        ResultFiles.RequireWritable(directory);
        using var progress = new ProgressLine(console.Error, "report");
        var results = Verification.Run(
            VerificationPlan.Of(quick), progress, run => progress.Say(VerificationText.Line(run)));
        progress.Dispose();
        string path;
        using (new ProgressLine(console.Error, "report: drawing", isMeasured: false))
        {
            path = ResultFiles.WritePage(results, directory);
        }

        console.Output.WriteLine($"Wrote {path}.");
        return results.All(run => run.Result.Holds) ? 0 : 1;
    }
}
