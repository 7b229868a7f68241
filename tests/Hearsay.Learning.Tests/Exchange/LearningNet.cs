using Hearsay.Learning.Exchange;
using Hearsay.Protocols;
using Hearsay.Simulation;

namespace Hearsay.Learning.Tests.Exchange;

/// <summary>Whole nodes that learn, in virtual time. Each has a few points of the plane.</summary>
internal sealed class LearningNet
{
    private readonly List<LearningProtocol> _learners = [];

    /// <summary>Nodes that learn a model from data of their own.</summary>
    public LearningNet(
        ILearningModel model, LearningOptions options, double loss, params IReadOnlyList<LearningData> data)
    {
        Network = new VirtualNetwork(new VirtualNetworkOptions { Seed = 1, Loss = loss });
        foreach (var own in data)
        {
            Add(new LearningProtocol(model, own, options));
        }

        Test = data[0];
    }

    public LearningNet(int nodes, LearningOptions options, ulong seed = 1, double loss = 0, int recordsEach = 5)
    {
        Network = new VirtualNetwork(new VirtualNetworkOptions { Seed = seed, Loss = loss });
        var all = TestData.Line(nodes * recordsEach, seed);
        for (var node = 0; node < nodes; node++)
        {
            int[] rows = [.. Enumerable.Range(node * recordsEach, recordsEach)];
            Add(new LearningProtocol(LinearModel.Logistic(2), all.Subset(rows), options));
        }

        Test = TestData.Line(500, seed + 100);
    }

    public VirtualNetwork Network { get; }

    public IReadOnlyList<LearningProtocol> Learners => _learners;

    public LearningData Test { get; }

    /// <summary>The mean error of the nodes that run.</summary>
    public double Error => Network.Nodes.Where(node => node.IsUp)
        .Average(node => LinearModel.Logistic(2).Evaluate(_learners[node.Index].State!.Parameters, Test));

    private void Add(LearningProtocol learner)
    {
        NodeAddress[] seeds = _learners.Count == 0 ? [] : [VirtualNetwork.AddressOf(0)];
        _learners.Add(learner);
        Network.Add(PeerSamplingOptions.Recommended, seeds, core => core with { Protocols = [learner] });
    }

    public long Sum(Func<LearningCounters, long> read) => _learners.Sum(learner => read(learner.State!.Counters));
}
