using Hearsay.Protocols;
using Hearsay.Protocols.Aggregation.PushSum;

namespace Hearsay.Simulation.Aggregation;

/// <summary>
/// Push-sum of very many nodes in synchronous rounds: all send half of what they hold at the start of the round, then
/// take in what came.
/// </summary>
/// <remarks>Runs on the caller's thread. The same seed gives the same numbers.</remarks>
internal sealed class PushSumRun(double[] values, double loss, ulong seed)
{
    private const ulong Purpose = 0x5055_5348;

    private readonly double[] _sums = values;
    private readonly double[] _weights = [.. Enumerable.Repeat(1.0, values.Length)];
    private readonly (double Sum, double Weight)[] _sent = new (double, double)[values.Length];

    /// <summary>Who takes part: all.</summary>
    public Population Population { get; } = new(values.Length);

    /// <summary>Rounds run so far.</summary>
    public int Cycle { get; private set; }

    /// <summary>Turns taken so far.</summary>
    public long NodeSteps { get; private set; }

    /// <summary>Runs a round.</summary>
    public void Step()
    {
        var random = SeededRandom.For(seed, 0, (ulong)++Cycle, Purpose);
        for (var node = 0; node < _sums.Length; node++)
        {
            _sent[node] = PushSumKernel.Halve(ref _sums[node], ref _weights[node]);
        }

        var partners = new UniformPartners(Population);
        for (var node = 0; node < _sums.Length; node++)
        {
            var partner = partners.Choose(node, node, ref random);
            if (partner >= 0 && (loss == 0 || random.NextDouble() >= loss))
            {
                PushSumKernel.Absorb(
                    ref _sums[partner], ref _weights[partner], _sent[node].Sum, _sent[node].Weight);
            }
        }

        NodeSteps += _sums.Length;
    }

    /// <summary>Mean, variance and largest error of the estimates.</summary>
    public EstimateSpread Measure(double truth) => EstimateSpread.Of(
        Population, truth, node => PushSumKernel.Estimate(_sums[node], _weights[node]));
}
