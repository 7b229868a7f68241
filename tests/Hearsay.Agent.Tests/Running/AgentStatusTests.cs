using Hearsay.Agent.Running;

namespace Hearsay.Agent.Tests.Running;

public sealed class AgentStatusTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(30, 16)]
    public void Peers_are_news_when_they_double(int peers, int bucket) =>
        Assert.Equal(bucket, AgentStatus.Bucket(peers));
}
