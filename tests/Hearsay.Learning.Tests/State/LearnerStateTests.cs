using Hearsay.Learning.State;
using Hearsay.Learning.Tests.Models;
using Hearsay.Protocols;
using Hearsay.Protocols.Tests;

namespace Hearsay.Learning.Tests.State;

public sealed class LearnerStateTests
{
    private static readonly LearningData s_data = TestData.Line(40, 1);

    [Fact]
    public void A_merge_is_weighted_by_age_and_takes_the_larger_age()
    {
        var (own, other) = (At([1, 1, 1], 10), At([5, 9, 1], 30));
        Assert.Equal(MessageRefusal.None, own.Receive(other.Message()));
        Assert.Equal([4f, 7f, 1f], own.Parameters);
        Assert.Equal(30, own.Age);
    }

    [Fact]
    public void Models_that_have_learned_nothing_are_kept_as_they_are()
    {
        var (own, other) = (At([1, 1, 1], 0), At([5, 9, 1], 0));
        own.Receive(other.Message());
        Assert.Equal([1f, 1f, 1f], own.Parameters);
    }

    [Fact]
    public void A_plain_average_does_not_look_at_ages()
    {
        var options = new LearningOptions { Mode = MergeMode.Plain };
        var (own, other) = (At([1, 1, 1], 10, options), At([5, 9, 1], 30, options));
        own.Receive(other.Message());
        Assert.Equal([3f, 5f, 1f], own.Parameters);
        Assert.Equal(30, own.Age);
    }

    [Fact]
    public void A_limited_merge_keeps_the_older_model_whole_if_ages_differ_too_much()
    {
        // An update is four mini-batches of ten.
        var options = new LearningOptions { Mode = MergeMode.Limited, LimitedAge = 2 };
        var (young, old) = (At([1, 1, 1], 10, options), At([5, 9, 1], 19, options));
        young.Receive(old.Message());
        Assert.Equal([5f, 9f, 1f], young.Parameters);
        var older = At([5, 9, 1], 19, options);
        older.Receive(At([1, 1, 1], 10, options).Message());
        Assert.Equal([5f, 9f, 1f], older.Parameters);
        var near = At([5, 9, 1], 15, options);
        near.Receive(At([1, 1, 1], 15, options).Message());
        Assert.Equal([3f, 5f, 1f], near.Parameters);
    }

    [Fact]
    public void A_random_walk_takes_the_received_model_whole()
    {
        var options = new LearningOptions { Mode = MergeMode.RandomWalk };
        var own = At([1, 1, 1], 10, options);
        own.Receive(At([5, 9, 1], 3, options).Message());
        Assert.Equal([5f, 9f, 1f], own.Parameters);
        Assert.Equal(3, own.Age);
    }

    [Fact]
    public void Merge_and_update_averages_the_two_models_received_last_unmodified()
    {
        var options = new LearningOptions { Mode = MergeMode.MergeUpdate };
        var own = At([0, 0, 0], 0, options);
        own.Receive(At([2, 4, 6], 5, options).Message());
        Assert.Equal([1f, 2f, 3f], own.Parameters);
        own.Update();
        own.Receive(At([4, 0, 0], 3, options).Message());
        Assert.Equal([3f, 2f, 3f], own.Parameters);
        Assert.Equal(5, own.Age);
    }

    [Fact]
    public void Update_and_merge_averages_two_updated_models()
    {
        var options = new LearningOptions
        {
            Mode = MergeMode.UpdateMerge, Lambda = 0, Eta = 1, Step = StepRule.Constant,
        };
        var data = s_data.Subset([0]);
        var own = LearnerStateAccess.Learner(options, data);
        var alone = LearnerStateAccess.Learner(options, data);
        own.Receive(LearnerStateAccess.Learner(options, data).Message());

        // Both models were the empty one, and learned the same record.
        alone.Update();
        Assert.Equal(alone.Parameters, own.Parameters);
        Assert.Equal(1, own.Age);
    }

    [Fact]
    public void Equal_averages_wait_for_the_end_of_the_cycle()
    {
        var options = new LearningOptions { Mode = MergeMode.EqualAverage };
        var own = At([0, 3, 0], 2, options);
        own.Receive(At([3, 0, 0], 9, options).Message());
        own.Receive(At([0, 0, 3], 1, options).Message());
        Assert.Equal([0f, 3f, 0f], own.Parameters);
        own.AverageReceived();
        Assert.All(own.Parameters, parameter => Assert.Equal(1, parameter, 1e-6f));
        Assert.Equal(9, own.Age);
        own.AverageReceived();
        Assert.All(own.Parameters, parameter => Assert.Equal(1, parameter, 1e-6f));
    }

    [Theory]
    [InlineData(AgeUnit.Steps, 10, 2, 8)]
    [InlineData(AgeUnit.Records, 10, 2, 80)]
    [InlineData(AgeUnit.Steps, 7, 1, 6)]
    public void An_update_adds_to_the_age(AgeUnit unit, int batch, int epochs, long age)
    {
        var state = LearnerStateAccess.Learner(
            new LearningOptions { Age = unit, BatchSize = batch, Epochs = epochs }, s_data);
        Assert.Equal(age, state.AgeOfUpdate);
        state.Update();
        Assert.Equal(age, state.Age);
    }

    [Theory]
    [InlineData(StepRule.Inverse, 25)]
    [InlineData(StepRule.SquareRoot, 50)]
    [InlineData(StepRule.Constant, 100)]
    public void The_step_follows_the_age_by_its_rule(StepRule rule, double step) =>
        Assert.Equal(step, LearnerState.StepOf(new LearningOptions { Eta = 100, Step = rule }, 4));

    [Fact]
    public void An_update_in_turns_is_the_same_as_at_once()
    {
        var (turns, whole) = (LearnerStateAccess.Learner(new(), s_data), LearnerStateAccess.Learner(new(), s_data));
        var random = new SeededRandom(1);
        turns.BeginUpdate();
        var count = 1;
        while (!turns.ContinueUpdate(1, ref random))
        {
            count++;
        }

        whole.Update();
        Assert.Equal(4, count);
        Assert.Equal(whole.Parameters, turns.Parameters);
    }

    [Fact]
    public void A_part_merges_by_its_own_age_and_biases_by_that_of_the_model()
    {
        var options = new LearningOptions { Partitions = 2 };
        var model = LinearModel.Logistic(4);
        var data = new LearningData([1, 2, 3, 4, 5, 6, 7, 8], [0, 1], 2);
        var (own, other) = (
            LearnerStateAccess.Learner(options, data, model), LearnerStateAccess.Learner(options, data, model));
        own.Restore([0, 0, 0, 0, 0], 10);
        other.Restore([4, 4, 4, 4, 4], 30);
        own.Receive(other.Message(part: 1));
        Assert.Equal([0f, 3f, 0f, 3f, 3f], own.Parameters);
        Assert.Equal((10L, 30L, 30L), (own.PartAge(0), own.PartAge(1), own.Age));

        // The weights of part 0 move by 30 of 40, the bias by 30 of 60.
        own.Receive(other.Message(part: 0));
        Assert.Equal([3f, 3f, 3f, 3f, 3.5f], own.Parameters);
    }

    [Fact]
    public void A_step_has_the_length_of_the_age_of_the_model_for_all_parts()
    {
        var options = new LearningOptions { Partitions = 2, Lambda = 0, Eta = 8, BatchSize = 1 };
        var data = new LearningData([1, 1, 1, 1], [1], 2);
        var model = LinearModel.Adaline(4);
        var own = LearnerStateAccess.Learner(options, data, model);
        var other = LearnerStateAccess.Learner(options, data, model);
        other.Restore([0, 0, 0, 0, 0], 7);
        own.Receive(other.Message(part: 0));
        own.Update();

        // The age is 8, so the step is 1, although part 1 is only 1 old.
        Assert.Equal([1f, 1f, 1f, 1f, 1f], own.Parameters);
        Assert.Equal((8L, 1L), (own.PartAge(0), own.PartAge(1)));
    }

    [Fact]
    public void A_sample_merges_the_drawn_places_only_and_always_the_bias()
    {
        var options = new LearningOptions { Subsample = 0.5 };
        var model = LinearModel.Logistic(20);
        var data = new LearningData(new float[20], [1], 2);
        var (own, other) = (
            LearnerStateAccess.Learner(options, data, model), LearnerStateAccess.Learner(options, data, model));
        other.Restore(Enumerable.Repeat(1f, 21).ToArray(), 5);
        own.Receive(other.Message());
        Assert.Equal(11, own.Parameters.Count(parameter => parameter == 1));
        Assert.Equal(1, own.Parameters[^1]);
    }

    [Fact]
    public void A_model_that_grows_beyond_all_bounds_is_begun_anew_and_counted()
    {
        var options = new LearningOptions { Step = StepRule.Constant, Eta = 1e9, Lambda = 0, Epochs = 20 };
        var state = LearnerStateAccess.Learner(options, s_data, LinearModel.Adaline(2));
        state.Update();
        Assert.Equal(1, state.Counters.Diverged);
        Assert.Equal((0L, 0f), (state.Age, state.Parameters.Max()));
    }

    [Fact]
    public void Without_records_a_node_only_passes_models_on()
    {
        var state = LearnerStateAccess.Learner(new(), s_data, rows: 0);
        state.Receive(At([5, 9, 1], 30).Message());
        state.Update();
        Assert.Equal((30L, 5f), (state.Age, state.Parameters[0]));
    }

    [Theory]
    [InlineData(MergeMode.AgeWeighted, 32)]
    [InlineData(MergeMode.MergeUpdate, 32)]
    [InlineData(MergeMode.EqualAverage, 8)]
    [InlineData(MergeMode.AgeWeighted, 16)]
    public void Sending_merging_and_updating_allocate_nothing(MergeMode mode, int bits)
    {
        var options = new LearningOptions { Mode = mode, Bits = bits };
        var (own, other) = (LearnerStateAccess.Learner(options, s_data), LearnerStateAccess.Learner(options, s_data));
        var (random, buffer) = (new SeededRandom(1), new byte[own.MaximumMessageBytes]);
        Meet();
        Assert.Equal(0, SteadyState.Bytes(Meet));

        void Meet()
        {
            for (var i = 0; i < 50; i++)
            {
                var length = other.Write(0, buffer, ref random);
                own.Receive(buffer.AsSpan(0, length), out _, out _, ref random);
                own.AverageReceivedIf(mode);
                own.UpdateWhole(ref random);
                other.UpdateWhole(ref random);
            }
        }
    }

    [Theory]
    [InlineData("logistic", RobustForm.None, MergeMode.AgeWeighted)]
    [InlineData("pegasos", RobustForm.None, MergeMode.Plain)]
    [InlineData("adaline", RobustForm.Clip, MergeMode.AgeWeighted)]
    [InlineData("regression", RobustForm.None, MergeMode.Limited)]
    [InlineData("softmax", RobustForm.Clip, MergeMode.AgeWeighted)]
    [InlineData("softmax", RobustForm.None, MergeMode.UpdateMerge)]
    [InlineData("softmax", RobustForm.Nearest, MergeMode.AgeWeighted)]
    [InlineData("mlp", RobustForm.None, MergeMode.AgeWeighted)]
    [InlineData("mlp", RobustForm.Clip, MergeMode.AgeWeighted)]
    [InlineData("mlp", RobustForm.None, MergeMode.RandomWalk)]
    [InlineData("mlp", RobustForm.Nearest, MergeMode.AgeWeighted)]
    public void Merging_allocates_nothing_whatever_the_model(string kind, RobustForm robust, MergeMode mode)
    {
        var options = new LearningOptions
        {
            Mode = mode, Robust = robust, Step = StepRule.Constant, Eta = 1e-3, Lambda = 1e-4,
        };
        var model = LearningModelTests.Of(kind).Model;
        var data = kind == "regression" ? new LearningData([0.5f, -1.2f, 1.5f, 0.3f], [1.5f, -2f], 0) : s_data;
        var (own, other) = (
            LearnerStateAccess.Learner(options, data, model), LearnerStateAccess.Learner(options, data, model));
        var (random, buffer) = (new SeededRandom(1), new byte[own.MaximumMessageBytes]);
        Meet();
        Assert.Equal(0, SteadyState.Bytes(Meet));
        Assert.True(own.Counters.Merged > 50);

        void Meet()
        {
            for (var i = 0; i < 50; i++)
            {
                own.OnCycle();
                var message = buffer.AsSpan(0, other.Write(0, buffer, ref random));
                if (robust == RobustForm.Nearest)
                {
                    own.Gather(message);
                    own.MixWithNearest();
                }
                else
                {
                    own.Receive(message, out _, out _, ref random);
                }

                own.UpdateWhole(ref random);
                other.UpdateWhole(ref random);
            }
        }
    }

    [Theory]
    [InlineData(MergeMode.RandomWalk)]
    [InlineData(MergeMode.MergeUpdate)]
    [InlineData(MergeMode.UpdateMerge)]
    [InlineData(MergeMode.EqualAverage)]
    public void A_sample_is_refused_where_whole_models_take_each_others_place(MergeMode mode)
    {
        var model = LinearModel.Logistic(20);
        var data = new LearningData(new float[20], [1], 2);
        var sampled = LearnerStateAccess.Learner(new() { Subsample = 0.5 }, data, model);
        sampled.Restore(Enumerable.Repeat(1f, 21).ToArray(), 5);
        var own = LearnerStateAccess.Learner(new() { Mode = mode }, data, model);
        Assert.Equal(MessageRefusal.Malformed, own.Receive(sampled.Message()));
        own.AverageReceivedIf(mode);
        Assert.Equal((1L, 0L, 0f), (own.Counters.Malformed, own.Counters.Merged, own.Parameters.Max()));
    }

    private static LearnerState At(float[] parameters, long age, LearningOptions? options = null)
    {
        var state = LearnerStateAccess.Learner(options ?? new LearningOptions(), s_data);
        state.Restore(parameters, age);
        return state;
    }
}
