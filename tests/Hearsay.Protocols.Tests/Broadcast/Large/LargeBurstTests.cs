
namespace Hearsay.Protocols.Tests.Broadcast.Large;

/// <summary>
/// Six nodes publish five large messages each at the same moment, which is more than the queues of their links take:
/// every one arrives everywhere, and none is given up on the way.
/// </summary>
public sealed class LargeBurstTests
{
    private static readonly TimeSpan _wait = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData(0)]
    [InlineData(0.02)]
    [InlineData(0.1)]
    [Campaign]
    public void Bursts_of_large_messages_arrive_whole(double loss)
    {
        for (ulong seed = 1; seed <= 12; seed++)
        {
            var burst = new LargeBurst(6, seed, loss);
            Assert.Equal(0, burst.Run(publishers: 6, messages: 5, _wait));
            Assert.Equal(0, burst.Sum(counters => counters.LargeExpired + counters.LargeLost));

            // All of it takes the links of six nodes 2.5 s.
            Assert.InRange(burst.Took.TotalSeconds, 2.5, 15);
        }
    }

    [Fact]
    [Campaign]
    public void They_arrive_at_those_who_stay_while_others_come_and_go()
    {
        for (ulong seed = 1; seed <= 4; seed++)
        {
            var burst = new LargeBurst(12, seed, loss: 0.02);
            Assert.Equal(0, burst.Run(publishers: 6, messages: 5, _wait, churns: true));
        }
    }
}
