// A model of your own on three nodes in one process. Each node sees points of all three clusters, and all agree on
// where the clusters are without showing each other a point.
using Hearsay;
using Hearsay.Learning;
using Hearsay.Protocols;
using OwnModel;

var model = new KMeansModel(featureCount: 2, k: 3);
var options = new LearningOptions { Period = TimeSpan.FromMilliseconds(100), Eta = 0.5, Step = StepRule.SquareRoot };
var (nodes, learners) = (new List<GossipNode>(), new List<Learner>());
for (var i = 0; i < 3; i++)
{
    nodes.Add(await GossipNode.StartAsync(new GossipNodeOptions
    {
        Bind = "127.0.0.1:0",
        Seeds = [.. nodes.Take(1).Select(node => node.LocalAddress.ToString())],
        Sampling = PeerSamplingOptions.Lan,
    }));
    learners.Add(nodes[i].Learn(model, Points(30, seed: (ulong)i), options));
}

var test = Points(300, seed: 99);
await foreach (var progress in learners[0].WatchAsync())
{
    if (progress.Cycle % 10 == 0)
    {
        Console.WriteLine($"cycle {progress.Cycle}: points are {progress.Model.Evaluate(test):0.00} from their centre");
    }

    if (progress.Cycle == 40)
    {
        break;
    }
}

foreach (var learner in learners)
{
    Console.WriteLine(string.Join("  ", learner.Latest.Parameters.ToArray().Chunk(2)
        .Select(centre => $"({centre[0]:0.00}, {centre[1]:0.00})")));
    await learner.DisposeAsync();
}

await Task.WhenAll(nodes.Select(node => node.LeaveAsync()));

// Points around (-1, 0), (1, 0) and (0, 1.5). Nobody tells the model which point is of which cluster.
static LearningData Points(int count, ulong seed)
{
    var random = new SeededRandom(seed);
    var features = new float[2 * count];
    for (var i = 0; i < count; i++)
    {
        var (x, y) = (i % 3) switch { 0 => (-1.0, 0.0), 1 => (1.0, 0.0), _ => (0.0, 1.5) };
        features[2 * i] = (float)(x + (0.4 * (random.NextDouble() - 0.5)));
        features[(2 * i) + 1] = (float)(y + (0.4 * (random.NextDouble() - 0.5)));
    }

    return new LearningData(features, new float[count], 0);
}
