using Hearsay.Tests.Transport;
using Hearsay.Watching;

namespace Hearsay.Tests.Watching;

/// <summary>What wakes the one reader of a queue. One test measures what the process allocates.</summary>
[Collection(nameof(RunsAlone))]
public sealed class PulseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pulses_before_a_wait_are_one()
    {
        var pulse = new Pulse();
        pulse.Set();
        pulse.Set();
        Assert.True(pulse.WaitAsync(Cancellation).AsTask().IsCompletedSuccessfully);
        var second = pulse.WaitAsync(Cancellation).AsTask();
        Assert.False(second.IsCompleted);
        pulse.Set();
        await second;
    }

    [Fact]
    public async Task A_pulse_and_a_cancellation_at_the_same_time_end_the_wait_once()
    {
        var pulse = new Pulse();
        for (var i = 0; i < 2_000; i++)
        {
            using var source = new CancellationTokenSource();
            var wait = pulse.WaitAsync(source.Token);
            var cancel = source.CancelAsync();
            pulse.Set();
            var isCancelled = false;
            try
            {
                await wait;
            }
            catch (OperationCanceledException)
            {
                isCancelled = true;
            }

            await cancel;
            if (isCancelled)
            {
                await pulse.WaitAsync(Cancellation); // The pulse is not lost.
            }
        }
    }

    [Fact]
    public async Task Waiting_with_a_token_and_waking_allocate_nothing()
    {
        const int Rounds = 5_000;
        var (there, back) = (new Pulse(), new Pulse());
        using var source = new CancellationTokenSource();
        var echo = EchoAsync(3 * Rounds);
        var least = long.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var round = 0; round < Rounds; round++)
            {
                there.Set();
                await back.WaitAsync(source.Token);
            }

            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        await echo;
        TestContext.Current.TestOutputHelper!.WriteLine($"{least} bytes for {Rounds} rounds");
        Assert.InRange(least, 0, 4 * Rounds); // An object has at least 24 bytes.

        async Task EchoAsync(int rounds)
        {
            for (var round = 0; round < rounds; round++)
            {
                await there.WaitAsync(source.Token);
                back.Set();
            }
        }
    }
}
