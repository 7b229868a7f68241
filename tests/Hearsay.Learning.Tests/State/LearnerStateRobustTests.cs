using Hearsay.Learning.State;

namespace Hearsay.Learning.Tests.State;

public sealed class LearnerStateRobustTests
{
    private static readonly LearningData s_data = TestData.Line(40, 1);

    [Fact]
    public void A_claimed_age_hands_the_model_over_unless_it_is_capped()
    {
        var liar = At([100, 100, 100], 1L << 40, new());
        var plain = At([1, 1, 1], 50, new());
        plain.Receive(liar.Message());
        Assert.Equal(100, plain.Parameters[0], 1e-3f);

        var capped = At([1, 1, 1], 50, new() { Robust = RobustForm.Clip });
        capped.Receive(liar.Message());

        // 4 updates of 4 steps ahead in a cycle: the share is 66 of 116.
        Assert.Equal(1 + (99 * 66 / 116f), capped.Parameters[0], 1e-3f);
        Assert.Equal((66L, 1L), (capped.Age, capped.Counters.AgesCapped));
    }

    [Fact]
    public void A_model_far_from_what_others_are_moves_the_own_one_no_more_than_they_do()
    {
        var own = At([0, 0, 0], 100, new() { Robust = RobustForm.Clip });
        for (var i = 0; i < 200; i++)
        {
            var far = i % 5 == 4;
            own.Receive(At(far ? [1000, 0, 0] : [i % 2, 0, 0], 100, new()).Message());
        }

        Assert.InRange(own.Parameters[0], 0, 10);
        Assert.InRange(own.Counters.Clipped, 40, 150);
    }

    [Fact]
    public void The_nearest_models_are_mixed_and_the_others_left_out()
    {
        var options = new LearningOptions { Robust = RobustForm.Nearest, Pulls = 4, LeftOut = 0.5 };
        var own = At([0, 0, 0], 10, options);
        foreach (var (value, age) in new[] { (3f, 12L), (1000f, 1L << 40), (6f, 11L), (-2000f, 9L) })
        {
            Assert.Equal(MessageRefusal.None, own.Gather(At([value, value, value], age, new()).Message()));
        }

        own.MixWithNearest();
        Assert.Equal(3, own.Parameters[0], 1e-5f);
        Assert.Equal((11L, 2L), (own.Age, own.Counters.LeftOut));
        own.MixWithNearest();
        Assert.Equal(3, own.Parameters[0], 1e-5f);
    }

    [Fact]
    public void More_models_than_were_asked_for_are_not_kept()
    {
        var own = At([0, 0, 0], 10, new LearningOptions { Robust = RobustForm.Nearest, Pulls = 2 });
        for (var i = 0; i < 5; i++)
        {
            own.Gather(At([3, 3, 3], 10, new()).Message());
        }

        Assert.Equal(2, own.Counters.Merged);
    }

    private static LearnerState At(float[] parameters, long age, LearningOptions options)
    {
        var state = LearnerStateAccess.Learner(options, s_data);
        state.Restore(parameters, age);
        return state;
    }
}
