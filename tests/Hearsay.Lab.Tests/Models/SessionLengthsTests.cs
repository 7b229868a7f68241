using Hearsay.Lab.Engines;
using Hearsay.Lab.Models;
using Hearsay.Protocols;

namespace Hearsay.Lab.Tests.Models;

/// <summary>Session lengths by distribution or from a file, and the churn they make.</summary>
public sealed class SessionLengthsTests
{
    [Theory]
    [InlineData("exponential:100", 100)]
    [InlineData("weibull:40", 80)]
    [InlineData("pareto:100", 150)]
    public void The_mean_is_as_asked_and_who_is_met_stays_longer_on_average(string text, double leastRest)
    {
        var sessions = SessionLengths.Read(text);
        Assert.Equal(double.Parse(text.Split(':')[1], null), sessions.Mean, 6);
        var random = new SeededRandom(1);
        var rest = 0.0;
        for (var i = 0; i < 20_000; i++)
        {
            rest += sessions.DrawRest(ref random) / 20_000;
        }

        Assert.True(rest > 0.9 * leastRest, $"{rest}");
    }

    [Fact]
    [Campaign]
    public void Memoryless_sessions_replace_as_many_nodes_as_the_constant_rate()
    {
        using var engine = EngineFactory.Create(PeerSamplingOptions.Healer, 2_000, 1);
        var churn = new SessionChurn(SessionLengths.Read("exponential:100"), engine, 1);
        for (var cycle = 0; cycle < 100; cycle++)
        {
            churn.Replace(engine);
            engine.Run(1);
            Assert.Equal(2_000, engine.LiveCount);
        }

        Assert.InRange(engine.NodeCount, 3_800, 4_200);
    }

    [Theory]
    [InlineData("cycles\n5\n7,host a\n", 6)]
    [InlineData("10;x\n", 10)]
    public void A_file_has_a_length_first_in_each_line(string content, double mean) =>
        Assert.Equal(mean, WithFile(content, path => SessionLengths.Read(path).Mean));

    [Theory]
    [InlineData("", "there is no length in it")]
    [InlineData("cycles\n", "there is no length in it")]
    [InlineData("5\nfive\n", "line 2")]
    [InlineData("5\n0.5\n", "line 2")]
    [InlineData("5\nNaN\n", "line 2")]
    [InlineData("5\n1e300\n", "line 2")]
    public void A_file_that_is_none_is_a_usage_error(string content, string message) => Assert.Contains(
        message, WithFile(content, path => Assert.Throws<LabUsageException>(() => SessionLengths.Read(path)).Message),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("exponential")]
    [InlineData("exponential:0")]
    [InlineData("pareto:1:2")]
    [InlineData("no-such-file.csv")]
    public void Other_texts_are_usage_errors(string text) =>
        Assert.Throws<LabUsageException>(() => SessionLengths.Read(text));

    private static T WithFile<T>(string content, Func<string, T> use)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, content);
            return use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
