namespace Hearsay.Benchmarks.Http;

/// <summary>
/// <c>GET /v1/peer</c> against a bare minimal-API endpoint that returns a constant of the same size: the same server
/// process, the load from this one, in turns: first as much as there can be, then both at half of what
/// <c>/v1/peer</c> gave. <c>http [CONNECTIONS [ROUNDS]]</c>
/// </summary>
internal static class HttpCampaign
{
    private const double Share = 0.7;
    private const double Tail = 2;
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(string[] args)
    {
        var connections = args.Length > 0 ? int.Parse(args[0]) : 16;
        var rounds = args.Length > 1 ? int.Parse(args[1]) : 7;
        using var server = await ServerChild.StartAsync();
        var port = server.Port;
        string[] paths = ["/bare", "/v1/peer"];
        foreach (var path in paths)
        {
            await HttpLoad.RunAsync(port, path, connections, s_window);
        }

        var (answers, costs, most) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var measured = new Dictionary<string, (double PerSecond, double Cost)>();
            foreach (var path in round % 2 == 0 ? paths : paths.Reverse())
            {
                measured[path] = await MeasureAsync(server, port, path, connections);
            }

            answers.Add(measured["/v1/peer"].PerSecond / measured["/bare"].PerSecond);
            most.Add(measured["/v1/peer"].PerSecond);
            costs.Add(measured["/v1/peer"].Cost / measured["/bare"].Cost);
        }

        var tails = await CompareTailsAsync(port, paths, connections, rounds, Median(most) / 2);
        Console.WriteLine($"/v1/peer against the bare endpoint, median and range of {rounds} rounds: "
            + $"answers a second {Text(answers)}, CPU of the server for an answer {Text(costs)}, "
            + $"p99 at half of its maximum {Text(tails)}");
        return Median(answers) >= Share && Median(tails) <= Tail ? 0 : 1;
    }

    /// <summary>The 99th percentile of the one against that of the other, at the same rate.</summary>
    private static async Task<List<double>> CompareTailsAsync(
        int port, string[] paths, int connections, int rounds, double perSecond)
    {
        var ratios = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            var tails = new Dictionary<string, double>();
            foreach (var path in round % 2 == 0 ? paths : paths.Reverse())
            {
                var (rate, latencies) = await HttpLoad.RunAtAsync(port, path, connections, perSecond, s_window);
                tails[path] = latencies[latencies.Length * 99 / 100];
                Console.WriteLine($"{path,-9} held to {rate,8:n0}/s, median {latencies[latencies.Length / 2]:n0} µs, "
                    + $"p99 {tails[path]:n0} µs");
            }

            ratios.Add(tails["/v1/peer"] / tails["/bare"]);
        }

        return ratios;
    }

    private static async Task<(double PerSecond, double Cost)> MeasureAsync(
        ServerChild server, int port, string path, int connections)
    {
        var before = server.ProcessorTime;
        var (perSecond, latencies) = await HttpLoad.RunAsync(port, path, connections, s_window);
        var cost = (server.ProcessorTime - before).TotalMicroseconds / latencies.Length;
        Console.WriteLine($"{path,-9} {perSecond,8:n0}/s, median {latencies[latencies.Length / 2]:n0} µs, "
            + $"p99 {latencies[latencies.Length * 99 / 100]:n0} µs, {cost:n1} µs of CPU each");
        return (perSecond, cost);
    }

    private static string Text(List<double> ratios) =>
        $"{Median(ratios):0.00} ({ratios.Min():0.00} to {ratios.Max():0.00})";

    private static double Median(List<double> ratios) => ratios.Order().ElementAt(ratios.Count / 2);
}
