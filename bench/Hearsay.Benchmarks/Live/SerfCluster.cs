using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Hearsay.Benchmarks.Live;

/// <summary>
/// A serf agent per node, one process each, as Debian packages it; messages are user events. Its settings are the
/// defaults of a local network but for the size of an event.
/// </summary>
internal sealed class SerfCluster : IBroadcastCluster
{
    private const int FirstPort = 21_000;
    private const int FirstRpcPort = 23_000;
    private readonly List<Process> _agents = [];
    private readonly List<SerfConnection> _connections = [];
    private readonly string _settings = Path.GetTempFileName() + ".json";

    public string Name => "serf";

    public int Nodes => _agents.Count;

    public Action<int, int>? Received { get; set; }

    /// <summary>Starts the agents; all join through the first.</summary>
    /// <returns>Null if serf is not installed.</returns>
    public static async Task<SerfCluster?> TryStartAsync(int nodes)
    {
        var cluster = new SerfCluster();
        await File.WriteAllTextAsync(cluster._settings, "{\"user_event_size_limit\": 4096}");
        try
        {
            for (var i = 0; i < nodes; i++)
            {
                cluster._agents.Add(cluster.StartAgent(i));
                await (i == 0 ? Task.Delay(1000) : Task.Delay(20));
            }
        }
        catch (Win32Exception)
        {
            await cluster.DisposeAsync();
            return null;
        }

        for (var i = 0; i < nodes; i++)
        {
            var index = i;
            cluster._connections.Add(await SerfConnection.OpenAsync(
                FirstRpcPort + i, number => cluster.Received?.Invoke(index, number)));
        }

        return cluster;
    }

    /// <summary>Waits until every agent knows all others.</summary>
    public async Task<bool> WaitForMembersAsync(TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        foreach (var connection in _connections)
        {
            while (await connection.CountMembersAsync() < Nodes)
            {
                if (clock.Elapsed > patience)
                {
                    return false;
                }

                await Task.Delay(500);
            }
        }

        return true;
    }

    public Task PublishAsync(int node, int message, int bytes)
    {
        var payload = new byte[bytes];
        Encoding.ASCII.GetBytes(message.ToString("D8", CultureInfo.InvariantCulture), payload);
        return _connections[node].PublishAsync("m" + message.ToString(CultureInfo.InvariantCulture), payload);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        foreach (var agent in _agents)
        {
            agent.Kill();
            await agent.WaitForExitAsync();
            agent.Dispose();
        }

        File.Delete(_settings);
    }

    private Process StartAgent(int index)
    {
        string[] arguments =
        [
            "agent", $"-node=n{index}", $"-bind=127.0.0.1:{FirstPort + index}",
            $"-rpc-addr=127.0.0.1:{FirstRpcPort + index}", $"-config-file={_settings}", "-log-level=err",
            .. index == 0 ? Array.Empty<string>() : [$"-join=127.0.0.1:{FirstPort}"],
        ];
        var start = new ProcessStartInfo("serf", arguments) { RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }
}
