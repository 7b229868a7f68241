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
        capped.Receive(At([2, 2, 2], 1L << 40, new()).Message());

        // 4 updates of 4 steps ahead in a cycle: the share is 66 of 116.
        Assert.Equal(1 + (66 / 116f), capped.Parameters[0], 1e-3f);
        Assert.Equal((66L, 1L), (capped.Age, capped.Counters.AgesCapped));
    }

    [Fact]
    public void A_model_far_from_what_others_are_moves_the_own_one_no_more_than_they_do()
    {
        var own = At([0, 0, 0], 100, new() { Robust = RobustForm.Clip });
        for (var i = 0; i < 200; i++)
        {
            var far = i % 5 == 4;
            own.OnCycle();
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

    [Theory]
    [InlineData(10f)]
    [InlineData(1e6f)]
    [InlineData(1e11f)]
    public void What_is_far_follows_from_what_the_node_learned_alone_and_not_from_the_first_model_received(float size)
    {
        var own = LearnerStateAccess.Learner(new() { Robust = RobustForm.Clip }, s_data);
        var poison = At([size, -size, size], 1000, new()).Message();
        own.Receive(poison);
        Assert.Equal((0L, 0f), (own.Age, own.Parameters.Max(Math.Abs)));

        own.Update();
        float[] before = [.. own.Parameters];
        own.Receive(poison);
        Assert.InRange(Distance(own.Parameters, before), 0, Length(before));
    }

    [Fact]
    public void Many_models_of_one_cycle_raise_the_age_and_move_the_model_no_farther_than_a_cycle_allows()
    {
        var own = At([1, 1, 1], 50, new() { Robust = RobustForm.Clip });
        var (age, moved) = (50L, 0f);
        for (var cycle = 0; cycle < 5; cycle++)
        {
            float[] before = [.. own.Parameters];
            var away = 3.9f * MathF.Pow(1.2f, cycle);
            var poison = At([.. before.Select(number => number + away)], 1L << 40, new()).Message();
            for (var i = 0; i < 100; i++)
            {
                own.Receive(poison);
            }

            // An update adds 4 to the age. The radius grows by a fifth in a cycle.
            age += 16;
            moved += 2 * MathF.Sqrt(3) * MathF.Pow(1.2f, cycle);
            Assert.Equal(age, own.Age);
            Assert.InRange(Distance(own.Parameters, before), 1, 2.01f * MathF.Sqrt(3) * MathF.Pow(1.2f, cycle));
            own.OnCycle();
        }

        Assert.InRange(Length(own.Parameters), 0, moved + 2);
    }

    [Fact]
    public void A_model_four_radii_away_does_not_move_the_own_one_unless_such_models_keep_coming()
    {
        var own = At([1, 1, 1], 50, new() { Robust = RobustForm.Clip });
        own.Receive(At([5.1f, 5.1f, 5.1f], 50, new()).Message());
        Assert.Equal((1f, 1L), (own.Parameters[0], own.Counters.Clipped));
        own.Receive(At([4.9f, 4.9f, 4.9f], 50, new()).Message());
        Assert.Equal(1.5f, own.Parameters[0], 1e-3f);

        // All models are as far: the radius grows until they count.
        own.OnCycle();
        own.Receive(At([5.6f, 5.6f, 5.6f], 50, new()).Message());
        Assert.Equal(1.5f + (1.2f / 2), own.Parameters[0], 1e-3f);
    }

    [Fact]
    public void An_honest_lead_uses_up_what_a_lie_could_claim_in_the_same_cycle()
    {
        var own = At([1, 1, 1], 50, new() { Robust = RobustForm.Clip });
        for (var cycle = 0; cycle < 10; cycle++)
        {
            own.OnCycle();
        }

        own.Receive(At([1, 1, 1], 54, new()).Message());
        own.Receive(At([1, 1, 1], 1L << 40, new()).Message());
        Assert.Equal(50 + 16, own.Age);
    }

    [Theory]
    [InlineData(0.5, 3, 0.034)]
    [InlineData(0.7, 5, 0.0004)]
    public void The_chance_that_a_pulled_attacker_is_kept_is_that_of_the_page(double share, int left, double most)
    {
        var options = new LearningOptions { Robust = RobustForm.Nearest, LeftOut = share };
        var own = At([1, 1, 1], 10, options);
        for (var i = 0; i < options.Pulls; i++)
        {
            own.Gather(At([2, 2, 2], 10, new()).Message());
        }

        own.MixWithNearest();
        Assert.Equal(left, own.Counters.LeftOut);
        var chance = Enumerable.Range(left + 1, options.Pulls - left)
            .Sum(attackers => Chance(options.Pulls, attackers, 0.2));
        Assert.InRange(chance, most / 1.2, most);
    }

    [Fact]
    public void When_all_pulled_models_are_an_attackers_they_move_the_own_one_by_a_bounded_distance()
    {
        var own = At([3, 0, 4], 10, new() { Robust = RobustForm.Nearest });
        for (var i = 0; i < 7; i++)
        {
            own.Gather(At([1e9f, 0, 0], 1L << 40, new()).Message());
        }

        // Four are kept, each at 10 at most with a share of a fifth.
        own.MixWithNearest();
        Assert.InRange(Distance(own.Parameters, [3, 0, 4]), 7, 8.01f);
        Assert.Equal((10L + 16, 4L), (own.Age, own.Counters.Clipped));
    }

    [Fact]
    public void A_node_that_has_learned_nothing_yet_keeps_no_pulled_model()
    {
        var own = LearnerStateAccess.Learner(new() { Robust = RobustForm.Nearest }, s_data);
        own.Gather(At([1e9f, 0, 0], 100, new()).Message());
        own.MixWithNearest();
        Assert.Equal((0L, 0f, 1L), (own.Age, own.Parameters.Max(Math.Abs), own.Counters.LeftOut));
    }

    private static double Chance(int asked, int attackers, double share)
    {
        var ways = 1.0;
        for (var i = 0; i < attackers; i++)
        {
            ways *= (double)(asked - i) / (i + 1);
        }

        return ways * Math.Pow(share, attackers) * Math.Pow(1 - share, asked - attackers);
    }

    private static float Length(float[] numbers) => Distance(numbers, new float[numbers.Length]);

    private static float Distance(float[] one, float[] other) =>
        MathF.Sqrt(one.Zip(other, static (left, right) => (left - right) * (left - right)).Sum());

    private static LearnerState At(float[] parameters, long age, LearningOptions options)
    {
        var state = LearnerStateAccess.Learner(options, s_data);
        state.Restore(parameters, age);
        return state;
    }
}
