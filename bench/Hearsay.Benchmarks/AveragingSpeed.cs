using Hearsay.Simulation.Aggregation;

namespace Hearsay.Benchmarks;

/// <summary>
/// Node steps per second of CPU time of scalar averaging in bulk on one thread, nodes in a random order with uniform
/// partners, and the same with faults. <c>averaging [nodes] [cycles]</c>
/// </summary>
internal static class AveragingSpeed
{
    private const double LeastStepsPerSecond = 30e6;
    private const int WarmUpCycles = 10;
    private const int Repeats = 5;

    public static int Run(string[] args)
    {
        var nodes = args.Length > 1 ? int.Parse(args[1]) : 1_000_000;
        var cycles = args.Length > 2 ? int.Parse(args[2]) : 20;
        var sound = Rate(nodes, cycles, new GossipFaults());
        var lossy = Rate(nodes, cycles, new GossipFaults { Loss = 0.2, Tries = 3 });
        var failing = Rate(nodes, cycles, new GossipFaults { LinkFailure = 0.2, Crash = 0.001 });
        Console.WriteLine($"N = {nodes:n0}, {cycles} cycles, best of {Repeats}, M node steps per second of CPU time:");
        Console.WriteLine($"no faults {sound / 1e6:0.0}, 20 % loss with 3 tries {lossy / 1e6:0.0}, "
            + $"20 % failing links and 0.1 % crashes {failing / 1e6:0.0}");
        Console.WriteLine($"expected at least {LeastStepsPerSecond / 1e6:0} without faults: "
            + (sound >= LeastStepsPerSecond ? "reached" : "NOT reached"));
        return sound >= LeastStepsPerSecond ? 0 : 1;
    }

    private static double Rate(int nodes, int cycles, GossipFaults faults)
    {
        var best = 0.0;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var values = new double[nodes];
            for (var node = 0; node < nodes; node++)
            {
                values[node] = (double)node / nodes;
            }

            var run = new AveragingRun(values, 1, faults, seed: 1);
            Step(run, WarmUpCycles);
            var (steps, cpu) = (run.NodeSteps, Environment.CpuUsage.TotalTime);
            Step(run, cycles);
            best = Math.Max(best, (run.NodeSteps - steps) / (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        }

        return best;
    }

    private static void Step(AveragingRun run, int cycles)
    {
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            run.Step();
        }
    }
}
