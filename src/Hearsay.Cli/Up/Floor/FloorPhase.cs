using Hearsay.Cli.Up.Network;
using Hearsay.Cli.Up.Results;

namespace Hearsay.Cli.Up.Floor;

/// <summary>
/// Compares the CPU of exchanges with that of bare UDP requests and replies: same process, same number of sockets, as
/// many in flight, rounds of both in turn, so that other load on the machine meets both.
/// </summary>
internal static class FloorPhase
{
    private const int InFlight = 64;
    private const int Rounds = 3;
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(1.3);
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);

    /// <summary>Runs all rounds; null if no exchange was completed.</summary>
    public static async Task<FloorResult?> RunAsync(LocalNetwork network, CancellationToken cancellation)
    {
        var (count, sampling) = (network.LiveCount, network.Live.First().Options.Sampling);
        var inFlight = Math.Min(InFlight, count);
        await using var nodes = await SaturatedNetwork.StartAsync(count, sampling, cancellation).ConfigureAwait(false);
        await using var bare = new BareSockets(count);
        var (exchanges, requests) = (new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            // The first round is for the compiler.
            var time = round == 0 ? s_warmUp : s_round;
            nodes.Hurry(inFlight);
            var exchange = await MeasureAsync(network, nodes, bare, time, cancellation)
                .ConfigureAwait(false);
            nodes.Hurry(0);
            bare.Start(inFlight);
            var request = await MeasureAsync(network, nodes, bare, time, cancellation).ConfigureAwait(false);
            bare.Stop();
            if (round > 0 && exchange.Exchanges > 0 && request.Requests > 0)
            {
                var cost = exchange.Cpu.TotalMicroseconds / exchange.Exchanges;
                exchanges.Add(cost);
                // The nodes go on living meanwhile: a few exchanges that are not the bare sockets' cost.
                requests.Add((request.Cpu.TotalMicroseconds - (cost * request.Exchanges)) / request.Requests);
            }
        }

        return exchanges.Count == 0 ? null : new FloorResult(Median(exchanges), Median(requests));
    }

    private static async Task<(TimeSpan Cpu, long Exchanges, long Requests)> MeasureAsync(
        LocalNetwork network, SaturatedNetwork nodes, BareSockets bare, TimeSpan time,
        CancellationToken cancellation)
    {
        // What the round before left in the sockets shall not count.
        await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation).ConfigureAwait(false);
        var (start, requests, answered) = (Reading.Of(network), bare.Completed, nodes.Completed);
        await Task.Delay(time, cancellation).ConfigureAwait(false);
        var end = Reading.Of(network);
        var exchanges = end.Exchanges - start.Exchanges + nodes.Completed - answered;
        return (end.Cpu - start.Cpu, exchanges, bare.Completed - requests);
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
