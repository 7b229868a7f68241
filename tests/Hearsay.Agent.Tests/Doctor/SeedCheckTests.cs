using System.Net;
using Hearsay.Agent.Doctor;

namespace Hearsay.Agent.Tests.Doctor;

public sealed class SeedCheckTests
{
    private static readonly SeedAddress s_seed = new("db:7946", new IPEndPoint(IPAddress.Parse("192.0.2.5"), 7946));

    [Theory]
    [InlineData(nameof(SeedAnswer.Node), true, nameof(FindingLevel.Ok), "over UDP and TCP")]
    [InlineData(nameof(SeedAnswer.Node), false, nameof(FindingLevel.Problem), "its TCP port is closed")]
    [InlineData(nameof(SeedAnswer.OtherCluster), true, nameof(FindingLevel.Problem), "another cluster")]
    [InlineData(nameof(SeedAnswer.Closed), false, nameof(FindingLevel.Problem), "nobody listens")]
    [InlineData(nameof(SeedAnswer.Closed), true, nameof(FindingLevel.Problem), "TCP is open")]
    [InlineData(nameof(SeedAnswer.None), true, nameof(FindingLevel.Problem), "dropped on the way")]
    [InlineData(nameof(SeedAnswer.None), false, nameof(FindingLevel.Problem), "neither over UDP nor TCP")]
    [InlineData(nameof(SeedAnswer.NoWay), false, nameof(FindingLevel.Problem), "No way leads")]
    public void Every_answer_means_something_of_its_own(string answer, bool isTcpOpen, string level, string text)
    {
        var finding = SeedCheck.Judge(s_seed, "ours", Enum.Parse<SeedAnswer>(answer), isTcpOpen);
        Assert.Equal(level, $"{finding.Level}");
        Assert.Contains(text, finding.Text);
        Assert.Contains("db:7946", finding.Text);
        Assert.Equal(finding.Level == FindingLevel.Ok, finding.Advice is null);
    }
}
