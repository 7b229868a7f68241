using CsCheck;
using Hearsay.Learning.State;
using Hearsay.Protocols;

namespace Hearsay.Learning.Tests.State;

public sealed class TokenAccountTests
{
    [Theory]
    [InlineData(TokenPolicy.Simple)]
    [InlineData(TokenPolicy.Generalised)]
    [InlineData(TokenPolicy.Randomised)]
    public void Never_more_than_a_message_a_period_in_the_long_run_nor_C_in_a_burst(TokenPolicy policy) =>
        Gen.Select(Gen.Int[1, 10], Gen.Int[10, 20], Gen.Int[0, 10], Gen.Int[0, 8], Gen.ULong).Sample(
            (reserve, capacity, preload, models, seed) =>
            {
                var account = new TokenAccount(new LearningOptions
                {
                    Tokens = policy, TokenReserve = reserve, TokenCapacity = capacity, TokenPreload = preload,
                });
                var (random, sent) = (new SeededRandom(seed), 0);
                for (var period = 1; period <= 200; period++)
                {
                    sent += account.OnPeriod(ref random) ? 1 : 0;
                    for (var i = 0; i < models; i++)
                    {
                        var burst = account.OnModel(random.NextDouble() < 0.5, ref random);
                        Assert.InRange(burst, 0, capacity);
                        sent += burst;
                    }

                    Assert.InRange(account.Balance, 0, capacity);
                    Assert.Equal(period + preload, sent + account.Balance);
                }
            });

    [Fact]
    public void Without_tokens_a_node_sends_once_a_period_and_reacts_to_nothing()
    {
        var (account, random) = (new TokenAccount(new LearningOptions()), new SeededRandom(1));
        Assert.True(account.OnPeriod(ref random));
        Assert.Equal(0, account.OnModel(true, ref random));
    }

    [Theory]
    [InlineData(true, 11, 2)]
    [InlineData(false, 11, 1)]
    [InlineData(true, 1, 1)]
    [InlineData(false, 1, 0)]
    public void A_generalised_account_reacts_by_its_formula(bool isUseful, int balance, int expected)
    {
        var account = new TokenAccount(new LearningOptions
        {
            Tokens = TokenPolicy.Generalised, TokenPreload = balance, TokenCapacity = 20,
        });
        var random = new SeededRandom(1);
        Assert.Equal(expected, account.OnModel(isUseful, ref random));
    }

    [Fact]
    public void A_randomised_account_sends_by_itself_only_above_its_reserve()
    {
        var options = new LearningOptions { Tokens = TokenPolicy.Randomised, TokenPreload = 9 };
        var (account, random, sent) = (new TokenAccount(options), new SeededRandom(1), 0);
        Assert.False(account.OnPeriod(ref random));
        for (var i = 0; i < 100; i++)
        {
            sent += account.OnPeriod(ref random) ? 1 : 0;
        }

        Assert.InRange(sent, 90, 100);
    }
}
