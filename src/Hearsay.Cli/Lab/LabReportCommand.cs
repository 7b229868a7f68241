using System.CommandLine;
using Hearsay.Lab;

namespace Hearsay.Cli.Lab;

/// <summary><c>hearsay lab report</c>: all figures on one page.</summary>
internal static class LabReportCommand
{
    public static Command Create()
    {
        var directory = new Option<string>("--out")
        {
            Description = "The directory of the page, index.html.", Required = true,
        };
        var quick = new Option<bool>("--quick") { Description = "Fewer runs and cycles: within three minutes." };
        var command = new Command("report", "Makes one self-contained HTML page of all figures and claims.")
        {
            directory, quick,
        };
        command.SetAction(parsed =>
        {
            var console = parsed.InvocationConfiguration;
            using var progress = new ProgressLine(console.Error, "report");
            var results = Verification.Run(VerificationPlan.Of(parsed.GetValue(quick)), progress,
                run => progress.Say(VerificationText.Line(run)));
            progress.Dispose();
            var path = Path.Combine(parsed.GetValue(directory)!, "index.html");
            Directory.CreateDirectory(parsed.GetValue(directory)!);
            File.WriteAllText(path, ReportPage.Of([.. results.Select(run => run.Result)]));
            console.Output.WriteLine($"Wrote {path}.");
            return results.All(run => run.Result.Holds) ? 0 : 1;
        });
        return command;
    }
}
