using BenchmarkDotNet.Attributes;

namespace Hearsay.Benchmarks;

/// <summary>
/// One whole exchange between two nodes of 200 in protocol and codec alone: request and reply prepared, encoded,
/// checked, decoded and merged on both sides, both views published.
/// </summary>
[MemoryDiagnoser]
public class ExchangeBenchmarks
{
    private ExchangeRig _rig = null!;

    [Params("recommended", "healer", "swapper", "blind", "newscast", "cyclon")]
    public string Preset { get; set; } = "recommended";

    [GlobalSetup]
    public void SetUp()
    {
        PeerSamplingOptions.TryGetPreset(Preset, out var options);
        _rig = new ExchangeRig(200, options, metadataBytes: 0);
        for (var i = 0; i < 20_000; i++)
        {
            _rig.Exchange();
        }
    }

    [Benchmark]
    public void Exchange() => _rig.Exchange();
}
