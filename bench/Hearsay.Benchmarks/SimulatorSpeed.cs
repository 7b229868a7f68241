using Hearsay.Simulation;

namespace Hearsay.Benchmarks;

/// <summary>
/// Events per second of the deterministic simulator on one core, with encoding and decoding: per second of processor
/// time, so that other work on the machine counts less.
/// </summary>
internal static class SimulatorSpeed
{
    /// <summary>Of so many parts of a run the median and the fastest are printed.</summary>
    private const int Parts = 9;

    public static void Run()
    {
        // The runtime compiles what runs often a second time, in the background: that belongs to no size of network.
        Warm(64).Run(TimeSpan.FromSeconds(4000));
        foreach (var nodes in new[] { 64, 256, 1000, 10_000 })
        {
            var network = Warm(nodes);
            var seconds = Math.Max(1.0, 150_000.0 / nodes / Parts);
            var (events, bytes) = (network.EventsHandled, GC.GetAllocatedBytesForCurrentThread());
            var rates = new double[Parts];
            for (var part = 0; part < Parts; part++)
            {
                rates[part] = Measure(network, TimeSpan.FromSeconds(seconds));
            }

            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            events = network.EventsHandled - events;
            Array.Sort(rates);
            var median = rates[Parts / 2];
            var resident = Environment.WorkingSet / (1024.0 * 1024);
            Console.WriteLine(
                $"N = {nodes,6}: median {median,10:N0} events/s, fastest of {Parts} {rates[^1],10:N0}, "
                + $"{median * seconds * Parts / events,8:N1} x real time, "
                + $"{(double)bytes / events:0.0} bytes allocated per event, {resident:N0} MiB resident");
        }
    }

    private static VirtualNetwork Warm(int nodes)
    {
        var network = new VirtualNetwork(new VirtualNetworkOptions { KeepsNotices = false });
        for (var i = 0; i < nodes; i++)
        {
            network.Add();
        }

        network.Run(TimeSpan.FromSeconds(20));
        return network;
    }

    private static double Measure(VirtualNetwork network, TimeSpan span)
    {
        var (events, before) = (network.EventsHandled, Environment.CpuUsage.TotalTime);
        network.Run(span);
        return (network.EventsHandled - events) / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }
}
