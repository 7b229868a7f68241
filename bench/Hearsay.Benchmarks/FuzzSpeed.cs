using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hearsay.Simulation;

namespace Hearsay.Benchmarks;

/// <summary>A fuzz campaign from the command line: how many seeds, the first one, or a replay text.</summary>
internal static class FuzzSpeed
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static int Run(string[] args)
    {
        var options = new FuzzOptions();
        if (args is ["--replay", var text])
        {
            options = options with { Replay = text };
        }
        else
        {
            options = options with
            {
                Seeds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2000,
                SeedStart = args.Length > 1 ? ulong.Parse(args[1], CultureInfo.InvariantCulture) : 1,
            };
        }

        var clock = Stopwatch.StartNew();
        var ledger = FuzzCampaign.Run(options, done =>
        {
            if (done % 200 == 0)
            {
                Console.Error.WriteLine($"{done} of {options.Seeds} seeds after {clock.Elapsed.TotalSeconds:0} s");
            }
        });
        Console.WriteLine(JsonSerializer.Serialize(ledger, Indented));
        Console.Error.WriteLine(
            $"{clock.Elapsed.TotalSeconds:0.0} s, {ledger.Events / clock.Elapsed.TotalSeconds:N0} events/s");
        return ledger.Failures.Count == 0 ? 0 : 1;
    }
}
