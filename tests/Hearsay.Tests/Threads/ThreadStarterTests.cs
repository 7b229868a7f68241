using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Threads;

public sealed class ThreadStarterTests
{
    [Fact]
    public void A_thread_that_the_machine_does_not_give_is_counted_and_the_next_starts()
    {
        var scarce = new Scarce { IsOut = true };
        Assert.Null(scarce.Starter.TryStart(() => Assert.Fail("It has no thread."), "test"));
        Assert.Equal(1, scarce.Starter.Refused);

        scarce.IsOut = false;
        var (onPool, isBackground) = (true, false);
        var thread = scarce.Starter.TryStart(
            () =>
            {
                // A thread that has ended does not tell any more.
                var thread = Thread.CurrentThread;
                (onPool, isBackground) = (thread.IsThreadPoolThread, thread.IsBackground);
            },
            "test");
        Assert.True(thread!.Join(Eventually.Deadline));
        Assert.Equal((false, true), (onPool, isBackground));
        Assert.Equal(1, scarce.Starter.Refused);
    }
}
