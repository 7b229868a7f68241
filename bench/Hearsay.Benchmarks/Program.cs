using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Hearsay.Benchmarks;

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
    case "metrics":
        return MetricsCampaign.Run(args);
    case "simulator":
        SimulatorSpeed.Run();
        return 0;
    case "fuzz":
        return FuzzSpeed.Run(args[1..]);
    default:
        Console.Error.WriteLine(
            "usage: sampler | exchange | theory | join | presets | bulk [NODES [CYCLES [THREADS]]] "
            + "| metrics [NODES [CYCLES]] | simulator | fuzz [SEEDS [START]]");
        return 2;
}
