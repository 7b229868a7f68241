using Hearsay.Learning.Exchange;
using Hearsay.Protocols;
using Hearsay.Simulation;

namespace Hearsay.Learning.Tests.Exchange;

/// <summary>Whole nodes that learn, in virtual time. Each has a few points of the plane.</summary>
internal sealed class LearningNet
{
    private readonly List<LearningProtocol> _learners = [];

    public LearningNet(int nodes, LearningOptions options, ulong seed = 1, double loss = 0, int recordsEach = 5)
    {
        Network = new VirtualNetwork(new VirtualNetworkOptions { Seed = seed, Loss = loss });
        var all = TestData.Line(nodes * recordsEach, seed);
        for (var node = 0; node < nodes; node++)
        {
            int[] rows = [.. Enumerable.Range(node * recordsEach, recordsEach)];
            var learner = new LearningProtocol(LinearModel.Logistic(2), all.Subset(rows), options);
            _learners.Add(learner);
            NodeAddress[] seeds = node == 0 ? [] : [VirtualNetwork.AddressOf(0)];
            Network.Add(PeerSamplingOptions.Recommended, seeds, core => core with { Protocols = [learner] });
        }

        Test = TestData.Line(500, seed + 100);
    }

    public VirtualNetwork Network { get; }

    public IReadOnlyList<LearningProtocol> Learners => _learners;

    public LearningData Test { get; }

    /// <summary>The mean error of the nodes that run.</summary>
    public double Error => Network.Nodes.Where(node => node.IsUp)
        .Average(node => LinearModel.Logistic(2).Evaluate(_learners[node.Index].State!.Parameters, Test));

    public long Sum(Func<LearningCounters, long> read) => _learners.Sum(learner => read(learner.State!.Counters));
}
