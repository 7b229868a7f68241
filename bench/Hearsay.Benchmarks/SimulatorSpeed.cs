using Hearsay.Simulation;

namespace Hearsay.Benchmarks;

/// <summary>
/// Events per second of the deterministic simulator on one core, with encoding and decoding: per second of processor
/// time, so that other work on the machine counts less.
/// </summary>
internal static class SimulatorSpeed
{
    public static void Run()
    {
        foreach (var nodes in new[] { 64, 256, 1000, 10_000 })
        {
            var network = new VirtualNetwork(new VirtualNetworkOptions { KeepsNotices = false });
            for (var i = 0; i < nodes; i++)
            {
                network.Add();
            }

            network.Run(TimeSpan.FromSeconds(20));
            var seconds = Math.Max(5, 600_000 / nodes / 5);
            var (events, bytes) = (network.EventsHandled, GC.GetAllocatedBytesForCurrentThread());
            var before = Environment.CpuUsage.TotalTime;
            network.Run(TimeSpan.FromSeconds(seconds));
            var took = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            events = network.EventsHandled - events;
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            var resident = Environment.WorkingSet / (1024.0 * 1024);
            Console.WriteLine(
                $"N = {nodes,6}: {events / took,10:N0} events/s, {seconds / took,8:N1} x real time, "
                + $"{(double)bytes / events:0.0} bytes allocated per event, {resident:N0} MiB resident");
        }
    }
}
