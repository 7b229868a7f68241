using System.CommandLine;
using Hearsay.Agent.Shell;
using Hearsay.Lab;

namespace Hearsay.Cli.Lab;

/// <summary><c>hearsay lab verify</c>: all claims, one table.</summary>
internal static class LabVerifyCommand
{
    public static Command Create()
    {
        var quick = new Option<bool>("--quick") { Description = "Fewer runs and cycles: within three minutes." };
        var command = new Command("verify", "Runs all claims and ends with one table; exit code 1 if one fails.")
        {
            quick,
        };
        command.SetAction(parsed =>
        {
            var console = parsed.InvocationConfiguration;
            using var progress = new ProgressLine(console.Error, "verify");
            var results = Verification.Run(VerificationPlan.Of(parsed.GetValue(quick)), progress,
                run => progress.Say(VerificationText.Line(run)));
            progress.Dispose();
            console.Output.WriteLine(VerificationText.Durations(results));
            var claims = results.SelectMany(run => run.Result.Claims).ToList();
            console.Output.WriteLine(ResultText.ClaimTable(claims, Terminal.WidthOf(console.Output)));
            var failed = claims.Count(claim => !claim.Holds);
            console.Output.WriteLine($"{claims.Count} claims, {failed} do not hold.");
            return claims.Count > 0 && failed == 0 ? 0 : 1;
        });
        return command;
    }
}
