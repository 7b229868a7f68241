using System.Diagnostics;
using System.Globalization;
using Hearsay.Protocols.Tests.Wire;

namespace Hearsay.Benchmarks.Security;

/// <summary>
/// Fuzzes every decoder from the command line: for how many seconds each, with which seed, and which of them only.
/// </summary>
internal static class DecoderCampaign
{
    public static int Run(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 10;
        var seed = args.Length > 1
            ? ulong.Parse(args[1], CultureInfo.InvariantCulture) : (ulong)Stopwatch.GetTimestamp();
        var failed = 0;
        Console.WriteLine($"seed {seed}");
        foreach (var name in DecoderTargets.All().Select(target => target.Name))
        {
            if (args.Length > 2 && !name.Contains(args[2], StringComparison.Ordinal))
            {
                continue;
            }

            // Targets keep state, and each judges the memory of its thread.
            var (clock, total) = (Stopwatch.StartNew(), 0L);
            Parallel.For(0, Environment.ProcessorCount, thread =>
            {
                var target = DecoderTargets.All().Single(target => target.Name == name);
                var count = 0L;
                var failures = DecoderFuzz.Run(
                    target, long.MaxValue, seed + (ulong)thread,
                    () => ++count % 64 == 0 && clock.Elapsed.TotalSeconds > seconds);
                Interlocked.Add(ref total, count);
                Interlocked.Add(ref failed, failures.Count);
                foreach (var failure in failures)
                {
                    Console.WriteLine(failure);
                }
            });
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-16} {total,12:N0} inputs, {total / clock.Elapsed.TotalSeconds,10:N0} a second"));
        }

        return failed == 0 ? 0 : 1;
    }
}
