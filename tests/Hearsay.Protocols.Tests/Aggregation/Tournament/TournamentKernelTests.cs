using CsCheck;
using Hearsay.Protocols.Aggregation.Tournament;

namespace Hearsay.Protocols.Tests;

public class TournamentKernelTests
{
    [Theory]
    [InlineData(0.5, 0.05, 36)]
    [InlineData(0.5, 0.01, 48)]
    [InlineData(0.9, 0.01, 54)]
    [InlineData(0.99, 0.01, 60)]
    public void The_schedule_has_the_pulls_of_the_paper(double quantile, double error, int pulls) =>
        Assert.Equal(pulls, TournamentKernel.PullsOf(TournamentKernel.Schedule(quantile, error, 100_000)));

    [Fact]
    public void Any_schedule_is_short_and_ends_with_the_answer() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[1e-6, 0.49], Gen.Double[1, 1e9]).Sample((quantile, error, nodes) =>
        {
            var rounds = TournamentKernel.Schedule(quantile, error, nodes);
            Assert.InRange(rounds.Length, 1, TournamentKernel.GreatestRounds);
            Assert.Equal(TournamentRoundKind.Answer, rounds[^1].Kind);
            return rounds.All(round => round.Chance is > 0 and <= 1 && round.Pulls <= TournamentKernel.AnswerPulls);
        });

    [Fact]
    public void A_round_gives_what_its_name_says()
    {
        var random = new SeededRandom(1);
        Assert.Equal(1, Play(TournamentRoundKind.Least, [2, 1], ref random));
        Assert.Equal(2, Play(TournamentRoundKind.Greatest, [2, 1], ref random));
        foreach (var three in new double[][] { [1, 2, 3], [3, 2, 1], [2, 3, 1], [1, 3, 2], [2, 1, 3], [3, 1, 2] })
        {
            Assert.Equal(2, Play(TournamentRoundKind.Median, three, ref random));
        }

        Assert.Equal(3, Play(TournamentRoundKind.Answer, [5, 1, 3, 2, 4], ref random));
    }

    [Fact]
    public void The_last_round_of_the_shift_is_played_with_its_chance()
    {
        var (random, smaller) = (new SeededRandom(1), 0);
        var round = new TournamentRound(TournamentRoundKind.Least, 2, 0.3);
        for (var i = 0; i < 10_000; i++)
        {
            smaller += TournamentKernel.Play(round, [2, 1], ref random) == 1 ? 1 : 0;
        }

        Assert.InRange(smaller, 2_800, 3_200);
    }

    [Theory]
    [InlineData(-0.1, 0.1, 10)]
    [InlineData(0.5, 0, 10)]
    [InlineData(0.5, 0.5, 10)]
    [InlineData(0.5, 0.1, 0)]
    [InlineData(double.NaN, 0.1, 10)]
    public void What_no_schedule_can_be_made_for_is_refused(double quantile, double error, double nodes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TournamentKernel.Schedule(quantile, error, nodes));

    private static double Play(TournamentRoundKind kind, double[] pulled, ref SeededRandom random) =>
        TournamentKernel.Play(new TournamentRound(kind, pulled.Length, 1), pulled, ref random);
}
