using Hearsay.Agent.Running;
using Microsoft.Extensions.Hosting;

namespace Hearsay.Agent.Tests.Running;

public sealed class StartGarbageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_collected_once_when_the_host_has_run_for_a_while()
    {
        using var lifetime = new Lifetime();
        var time = new HastyTime();
        using var garbage = new StartGarbage(lifetime, time);
        var before = GC.CollectionCount(GC.MaxGeneration);
        await garbage.StartAsync(Cancellation);
        Assert.Null(time.Asked);

        lifetime.Started.Cancel();
        await garbage.ExecuteTask!.WaitAsync(HearsayProcess.Deadline, Cancellation);
        Assert.Equal(StartGarbage.After, time.Asked);
        Assert.Equal(1, garbage.Collections);
        Assert.True(GC.CollectionCount(GC.MaxGeneration) > before);
    }

    [Fact]
    public async Task A_host_that_stops_before_collects_nothing()
    {
        using var lifetime = new Lifetime();
        using var garbage = new StartGarbage(lifetime, TimeProvider.System);
        await garbage.StartAsync(Cancellation);
        lifetime.Started.Cancel();
        await garbage.StopAsync(Cancellation);
        Assert.True(garbage.ExecuteTask is { IsCompleted: true, IsFaulted: false });
        Assert.Equal(0, garbage.Collections);
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        public CancellationTokenSource Started { get; } = new();

        public CancellationToken ApplicationStarted => Started.Token;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }

        public void Dispose() => Started.Dispose();
    }

    /// <summary>Whoever waits has waited long enough.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public TimeSpan? Asked { get; private set; }

        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Asked = dueTime;
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
