using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Hearsay.Benchmarks;
using Hearsay.Benchmarks.Http;
using Hearsay.Benchmarks.Live;
using Hearsay.Benchmarks.Maps;
using Hearsay.Benchmarks.Security;

// In process: the machine need not restore and build a second project for every benchmark.
var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
switch (args.FirstOrDefault())
{
    case "sampler":
        BenchmarkRunner.Run<SamplerBenchmarks>(config);
        return 0;
    case "exchange":
        BenchmarkRunner.Run<ExchangeBenchmarks>(config);
        return 0;
    case "theory":
        return await TheoryCampaign.RunAsync();
    case "join":
        return await JoinCampaign.RunAsync();
    case "presets":
        return PresetCampaign.Run();
    case "bulk":
        return BulkCampaign.Run(args);
    case "averaging":
        return AveragingSpeed.Run(args);
    case "metrics":
        return MetricsCampaign.Run(args);
    case "simulator":
        SimulatorSpeed.Run();
        return 0;
    case "live":
        return await LiveBroadcastCampaign.RunAsync(args);
    case "large":
        return await LiveLargeCampaign.RunAsync(args[1..]);
    case "stream":
        return await StreamCampaign.RunAsync(args[1..]);
    case "requests":
        return await RequestCampaign.RunAsync(args[1..]);
    case "maps":
        return await MapCampaign.RunAsync(args[1..]);
    case "http":
        return await HttpCampaign.RunAsync(args[1..]);
    case "streams":
        return await HttpStreamsCampaign.RunAsync(args[1..]);
    case HttpServerProcess.Command:
        return await HttpServerProcess.RunAsync(args[1..]);
    case "kill":
        return await KillCampaign.RunAsync(args[1..]);
    case KillNode.Command:
        return await KillNode.RunAsync(args[1..]);
    case "aggregation":
        return await LiveAggregationCampaign.RunAsync(args);
    case "fuzz":
        return FuzzSpeed.Run(args[1..]);
    case "learning":
        return LearningSpeed.Run(args[1..]);
    case "flood":
        return await FloodCampaign.RunAsync(args[1..]);
    case "security":
        SecurityCampaign.Run();
        await SignedLatency.RunAsync(args[1..]);
        return 0;
    case "neighbours":
        return NeighbourCampaign.Run(args[1..]);
    case "broadcast":
        return BroadcastCampaign.Run(args[1..]);
    default:
        Console.Error.WriteLine(
            """
            usage: Hearsay.Benchmarks COMMAND
              sampler | exchange | theory | join | presets | simulator | metrics | security
              bulk [NODES [CYCLES [THREADS]]]
              averaging [NODES [CYCLES]]
              neighbours [NODES [PERCENT ...]]
              broadcast [MODE [NODES [DEGREE ...]]]
              broadcast campaign [SEEDS [MESSAGES [NODES [ROW]]]]
              broadcast crash [NODES [SHARE [MESSAGES [SEED]]]]
              broadcast churn [NODES [SHARE [SECONDS [SEED]]]]
              live [NODES [MESSAGES [BYTES]]]
              large [NODES]
              requests [BYTES]
              maps [speed [SECONDS] | disk [KEYS] | open [KEYS [ROUNDS]] | live [NODES [WRITES]]]
              http [CONNECTIONS [ROUNDS]]
              streams [READERS [RATE [SECONDS [BYTES]]]]
              stream [SECONDS [NODES BYTES RATE|max]]
              kill [PROCESSES [SHARE [MESSAGES [ROUNDS]]]]
              aggregation [NODES [LOSS [EPOCHS]]]
              flood [SECONDS [DATAGRAMS A SECOND]]
              fuzz [SEEDS [START]]
              learning [RECORDS]
            """);
        return 2;
}
