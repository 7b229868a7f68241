using CsCheck;
using Hearsay.Loop;
using Hearsay.Protocols;

namespace Hearsay.Tests.Loop;

public sealed class DueQueueTests
{
    [Fact]
    public void Loops_come_out_in_order_each_once_however_often_they_were_armed() =>
        Gen.Select(Gen.Int[0, 19], Gen.Long[-1, 50]).Array[1, 200].Sample(steps =>
        {
            var queue = new DueQueue();
            var loops = Enumerable.Range(0, 20).Select(_ => NewLoop()).ToArray();
            var expected = new Dictionary<NodeLoop, Instant>();
            foreach (var (index, at) in steps)
            {
                if (at < 0)
                {
                    queue.Remove(loops[index]);
                    expected.Remove(loops[index]);
                }
                else
                {
                    queue.Set(loops[index], new Instant(at));
                    expected[loops[index]] = new Instant(at);
                }

                Assert.Equal(expected.Count == 0 ? Instant.Never : expected.Values.Min(), queue.Next);
            }

            Assert.False(queue.TryTake(new Instant(-1), out _));
            var last = Instant.Zero;
            while (queue.TryTake(Instant.Never, out var loop))
            {
                Assert.True(expected.Remove(loop, out var at));
                Assert.True(at >= last);
                last = at;
            }

            Assert.Empty(expected);
        });

    private static NodeLoop NewLoop() => Loops.With(new ManualScheduler(), new LoopPair.Wire(1));
}
