using Hearsay.Loop;
using Hearsay.Protocols;

namespace Hearsay.Tests.Loop;

/// <summary>A scheduler whose clock the test moves and whose loops the test runs.</summary>
internal sealed class ManualScheduler : DueScheduler
{
    private readonly Lock _gate = new();
    private readonly DueQueue _queue = new();
    private int _wakes;

    public Instant Time { get; set; } = Instant.Zero;

    /// <summary>How often a loop was asked for at once.</summary>
    public int Wakes => Volatile.Read(ref _wakes);

    public Instant Next => _queue.Next;

    public override Instant Now => Time;

    public override bool CanBeLate => true;

    public override void Wake(NodeLoop loop) => Interlocked.Increment(ref _wakes);

    public override void Forget(NodeLoop loop)
    {
        lock (_gate)
        {
            _queue.Remove(loop);
        }
    }

    /// <summary>Runs every loop that is due, on the caller's thread.</summary>
    public void RunDue()
    {
        while (_queue.TryTake(Time, out var loop))
        {
            loop.Run();
        }
    }

    protected override void Set(NodeLoop loop, Instant wake)
    {
        lock (_gate)
        {
            _queue.Set(loop, wake);
        }
    }
}
