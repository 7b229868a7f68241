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
        var onPool = true;
        var thread = scarce.Starter.TryStart(() => onPool = Thread.CurrentThread.IsThreadPoolThread, "test");
        Assert.True(thread!.IsBackground);
        Assert.True(thread.Join(Eventually.Deadline));
        Assert.False(onPool);
        Assert.Equal(1, scarce.Starter.Refused);
    }
}
