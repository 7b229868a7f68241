using CsCheck;
using Hearsay.Simulation.Network;

namespace Hearsay.Simulation.Tests.Network;

public sealed class EventQueueTests
{
    [Fact]
    public void Events_come_by_moment_and_then_by_number() =>
        Gen.Long[0, 20].Array[0, 3000].Sample(moments =>
        {
            var queue = new EventQueue();
            for (var i = 0; i < moments.Length; i++)
            {
                queue.Add(new VirtualEvent(moments[i], i, 0, 0, VirtualEvent.Due));
            }

            var expected = moments.Select((at, i) => (at, (long)i)).Order();
            Assert.All(expected, next =>
            {
                Assert.Equal(next.at, queue.First.At);
                var taken = queue.Take();
                Assert.Equal(next, (taken.At, taken.Number));
            });
            Assert.Equal(0, queue.Count);
        }, iter: 50);
}
