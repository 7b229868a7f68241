using BenchmarkDotNet.Attributes;
using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Samplers;

namespace Hearsay.Benchmarks;

/// <summary>What a draw costs, by policy, from a view of 30; and one sampler shared by four threads.</summary>
[MemoryDiagnoser]
public class SamplerBenchmarks
{
    private const int SharedDraws = 400_000;

    private readonly ExchangeRig _rig = new(200, PeerSamplingOptions.Recommended, 0);
    private readonly Dictionary<SamplingPolicy, PeerSampler> _samplers = [];

    [GlobalSetup]
    public void SetUp()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _rig.Exchange();
        }

        foreach (var policy in Enum.GetValues<SamplingPolicy>())
        {
            _rig[0].Samplers.TryCreate(policy, out var sampler);
            _samplers.Add(policy, sampler!);
        }
    }

    [Benchmark(Baseline = true)]
    public bool Uniform_with_replacement() =>
        _samplers[SamplingPolicy.UniformWithReplacement].TryGetPeer(out _);

    [Benchmark]
    public bool Uniform_without_replacement() =>
        _samplers[SamplingPolicy.UniformWithoutReplacement].TryGetPeer(out _);

    [Benchmark]
    public bool Head() => _samplers[SamplingPolicy.Head].TryGetPeer(out _);

    [Benchmark]
    public bool Tail() => _samplers[SamplingPolicy.Tail].TryGetPeer(out _);

    /// <summary>Wall time per draw; four threads on two cores, so a draw costs twice that in CPU.</summary>
    [Benchmark(OperationsPerInvoke = SharedDraws)]
    public void Four_threads_share_one()
    {
        var sampler = _samplers[SamplingPolicy.UniformWithoutReplacement];
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            for (var i = 0; i < SharedDraws / 4; i++)
            {
                sampler.TryGetPeer(out var _);
            }
        });
    }
}
