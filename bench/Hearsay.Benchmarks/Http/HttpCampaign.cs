using System.Diagnostics;

namespace Hearsay.Benchmarks.Http;

/// <summary>
/// <c>GET /v1/peer</c> against a bare minimal-API endpoint that returns a constant of the same size: the same server
/// process, the load from this one, in turns. <c>http [CONNECTIONS [ROUNDS]]</c>
/// </summary>
internal static class HttpCampaign
{
    private const double Share = 0.7;
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(string[] args)
    {
        var connections = args.Length > 0 ? int.Parse(args[0]) : 16;
        var rounds = args.Length > 1 ? int.Parse(args[1]) : 7;
        var program = Environment.ProcessPath!;
        string[] before = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? ["exec", typeof(HttpCampaign).Assembly.Location] : [];
        using var server = Process.Start(new ProcessStartInfo(program, [.. before, HttpServerProcess.Command])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        var port = new Uri((await server.StandardOutput.ReadLineAsync())!).Port;
        string[] paths = ["/bare", "/v1/peer"];
        foreach (var path in paths)
        {
            await HttpLoad.RunAsync(port, path, connections, s_window);
        }

        var (answers, costs) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var measured = new Dictionary<string, (double PerSecond, double Cost)>();
            foreach (var path in round % 2 == 0 ? paths : paths.Reverse())
            {
                measured[path] = await MeasureAsync(server, port, path, connections);
            }

            answers.Add(measured["/v1/peer"].PerSecond / measured["/bare"].PerSecond);
            costs.Add(measured["/v1/peer"].Cost / measured["/bare"].Cost);
        }

        server.StandardInput.Close();
        await server.WaitForExitAsync();
        Console.WriteLine($"/v1/peer against the bare endpoint, median and range of {rounds} rounds: "
            + $"answers a second {Text(answers)}, CPU of the server for an answer {Text(costs)}");
        return Median(answers) >= Share ? 0 : 1;
    }

    private static async Task<(double PerSecond, double Cost)> MeasureAsync(
        Process server, int port, string path, int connections)
    {
        server.Refresh();
        var before = server.TotalProcessorTime;
        var (perSecond, latencies) = await HttpLoad.RunAsync(port, path, connections, s_window);
        server.Refresh();
        var cost = (server.TotalProcessorTime - before).TotalMicroseconds / latencies.Length;
        Console.WriteLine($"{path,-9} {perSecond,8:n0}/s, median {latencies[latencies.Length / 2]:n0} µs, "
            + $"p99 {latencies[latencies.Length * 99 / 100]:n0} µs, {cost:n1} µs of CPU each");
        return (perSecond, cost);
    }

    private static string Text(List<double> ratios) =>
        $"{Median(ratios):0.00} ({ratios.Min():0.00} to {ratios.Max():0.00})";

    private static double Median(List<double> ratios) => ratios.Order().ElementAt(ratios.Count / 2);
}
