using System.Runtime.CompilerServices;

namespace Hearsay.Learning.Tests;

/// <summary>Live nodes over real sockets.</summary>
public sealed class GossipNodeLearningTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly LearningOptions s_fast = new() { Period = TimeSpan.FromMilliseconds(50) };

    [Fact]
    public async Task Nodes_learn_together_and_predict_at_any_time()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync(first);
        var model = LinearModel.Logistic(2);
        await using var one = first.Learn(model, TestData.Line(30, 1), s_fast);
        await using var other = second.Learn(model, TestData.Line(30, 2), s_fast);
        Assert.Equal(0, one.Predict([1, 1]));
        var test = TestData.Line(500, 9);
        await foreach (var progress in one.WatchAsync().WithTimeout(s_limit))
        {
            if (progress.Merged > 20 && progress.Model.Evaluate(test) < 0.08 && one.Predict([1, 1]) == 1)
            {
                break;
            }
        }

        Assert.True(one.Counters.Merged > 20);
        Assert.Equal(0, one.Counters.Malformed + one.Counters.OtherModel);
    }

    [Fact]
    public async Task A_learner_among_nodes_that_do_not_learn_learns_alone()
    {
        await using var plain = await StartAsync();
        await using var node = await StartAsync(plain);
        await using var learner = node.Learn(LinearModel.Logistic(2), TestData.Line(30, 1), s_fast);
        await foreach (var progress in learner.WatchAsync().WithTimeout(s_limit))
        {
            if (progress.Model.Age > 100)
            {
                break;
            }
        }

        Assert.True(learner.Counters.Sent > 0);
        Assert.Equal((0, 1), (learner.Counters.Merged, learner.Predict([1, 1])));
    }

    [Fact]
    public async Task A_learner_that_is_disposed_leaves_the_channel_and_the_node_goes_on()
    {
        await using var node = await StartAsync();
        var (model, data) = (LinearModel.Logistic(2), TestData.Line(30, 1));
        await using (var learner = node.Learn(model, data, s_fast))
        {
            Assert.Throws<InvalidOperationException>(() => node.Learn(model, data, s_fast));
            await using var beside = node.Learn(model, data, s_fast with { Channel = 1 });
        }

        await using var again = node.Learn(model, data, s_fast);
        await foreach (var progress in again.WatchAsync().WithTimeout(s_limit))
        {
            Assert.True(progress.Cycle >= 1);
            break;
        }
    }

    [Fact]
    public async Task A_learner_that_is_disposed_is_not_kept_in_memory_by_its_node()
    {
        await using var node = await StartAsync();
        var ended = new List<WeakReference>();
        for (var i = 0; i < 5; i++)
        {
            ended.Add(await LearnAndEndAsync(node));
        }

        // What the node did last may still be on a stack.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.InRange(ended.Count(static one => one.IsAlive), 0, 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> LearnAndEndAsync(GossipNode node)
    {
        var learner = node.Learn(LinearModel.Logistic(2), TestData.Line(30, 1), s_fast);
        await learner.DisposeAsync();
        return new WeakReference(learner);
    }

    [Fact]
    public async Task When_the_node_stops_its_watchers_end_and_the_model_stays()
    {
        var node = await StartAsync();
        var learner = node.Learn(LinearModel.Logistic(2), TestData.Line(30, 1), s_fast);
        var watching = Task.Run(async () =>
        {
            await foreach (var progress in learner.WatchAsync())
            {
            }
        });
        await node.DisposeAsync();
        await watching.WaitAsync(s_limit);
        learner.Predict([1, 1]);
        await learner.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(
            () => node.Learn(LinearModel.Logistic(2), TestData.Line(30, 1), s_fast));
    }

    [Fact]
    public async Task A_saved_model_goes_on_where_it_was()
    {
        await using var node = await StartAsync();
        var model = LinearModel.Logistic(2);
        var start = new TrainedModel(model, [10, 5, 1], 1_000_000);
        await using var learner = node.Learn(model, TestData.Line(30, 1), s_fast, start);
        Assert.Equal(1_000_000, learner.Latest.Age);
        await foreach (var progress in learner.WatchAsync().WithTimeout(s_limit))
        {
            if (progress.Cycle > 2)
            {
                Assert.InRange(progress.Model.Age, 1_000_000, 1_001_000);
                break;
            }
        }
    }

    [Fact]
    public async Task What_does_not_fit_together_is_refused_with_the_reason()
    {
        await using var node = await StartAsync();
        var data = TestData.Line(30, 1);
        void Refuses(
            string reason, ILearningModel model, LearningOptions? options = null, TrainedModel? start = null) =>
            Assert.Contains(reason, Assert.Throws<ArgumentException>(
                () => node.Learn(model, data, options, start)).Message, StringComparison.Ordinal);
        Refuses("features", LinearModel.Logistic(3));
        Refuses("classes", LinearModel.Regression(2));
        Refuses("Eta", LinearModel.Logistic(2), new LearningOptions { Eta = -1 });
        Refuses("part", LinearModel.Logistic(2), new LearningOptions { Partitions = 3 });
        Refuses("524,288", new MlpModel(2, 1000, 1000), new LearningOptions { TransferBytes = 1 << 20 });
        Assert.Contains("shape", Assert.Throws<ArgumentException>(() => node.Learn(
            new SoftmaxModel(2, 4), data, null, new TrainedModel(new SoftmaxModel(5, 2), new float[12], 4))).Message,
            StringComparison.Ordinal);
        Refuses("another kind", LinearModel.Logistic(2), null, new TrainedModel(LinearModel.Pegasos(2), [1, 2, 3], 4));
        await using var parts = node.Learn(new MlpModel(2, 4000, 2), data, new LearningOptions { Partitions = 4 });
        await using var chunks = node.Learn(new MlpModel(2, 4000, 2), data, new LearningOptions { Channel = 1 });
    }

    [Fact]
    public async Task A_model_of_four_megabytes_is_learned_by_nodes_that_know_a_few_classes_each()
    {
        var options = new LearningOptions
        {
            Lambda = 0, Eta = 5, Step = StepRule.Constant, Period = TimeSpan.FromMilliseconds(300),
        };
        await using var first = await StartAsync();
        await using var second = await StartAsync(first);
        await using var third = await StartAsync(first);
        await using var one = first.Learn(TestData.LargeModel, TestData.Blocks(0, 1, 2, 3, 4), options);
        await using var two = second.Learn(TestData.LargeModel, TestData.Blocks(5, 6, 7, 8, 9), options);
        await using var three = third.Learn(TestData.LargeModel, TestData.Blocks(10, 11, 12, 13, 14, 15), options);
        var all = TestData.Blocks([.. Enumerable.Range(0, TestData.BlockClasses)]);
        await foreach (var progress in three.WatchAsync().WithTimeout(4 * s_limit))
        {
            // Alone it would get ten of the sixteen wrong.
            if (three.Counters.Fetched > 5 && progress.Model.Evaluate(all) < 0.2)
            {
                break;
            }
        }

        Learner[] learners = [one, two, three];
        Assert.True(learners.Sum(learner => learner.Counters.ChunksSent) > 5 * 129);
        Assert.Equal(0, learners.Sum(learner => learner.Counters.Malformed + learner.Counters.NotFinite));
        Assert.True(third.GetDiagnostics().Sum("hearsay.learning.models", "fetched") > 5);
    }

    private static Task<GossipNode> StartAsync(GossipNode? seed = null) => GossipNode.StartAsync(new GossipNodeOptions
    {
        Bind = "127.0.0.1:0",
        Seeds = seed is null ? [] : [seed.LocalAddress.ToString()],
        Sampling = PeerSamplingOptions.Lan,
    });
}
