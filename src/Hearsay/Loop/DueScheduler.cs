using Hearsay.Protocols;

namespace Hearsay.Loop;

/// <summary>
/// Runs node loops when something is due, or when somebody asks. Nodes round their due times up to a grid, so those
/// that are due nearly together cost one wake-up together; a tick that runs whether anything is due or not would cost
/// more than the packets.
/// </summary>
internal abstract class DueScheduler
{
    private static readonly ThreadScheduler s_system = new();

    /// <summary>The present moment on this scheduler's clock.</summary>
    public abstract Instant Now { get; }

    /// <summary>
    /// Whether loops can come late on this clock. Where somebody else moves the clock, a jump says nothing of the
    /// process.
    /// </summary>
    public abstract bool CanBeLate { get; }

    /// <summary>Who watches the thread pool; null where nobody does.</summary>
    public virtual PoolWatch? Pool => null;

    /// <summary>The scheduler of the system's clock, which all nodes of the process share.</summary>
    public static DueScheduler OfProcess => s_system;

    /// <summary>The scheduler for a clock: one for the whole process for the system's, else a new one.</summary>
    public static DueScheduler For(TimeProvider time) =>
        time == TimeProvider.System ? s_system : new TimerScheduler(time);

    /// <summary>Runs a loop at a moment. Later calls only make it earlier.</summary>
    /// <param name="loop">The loop; its gate is held by the caller.</param>
    /// <param name="wake">When; <see cref="Instant.Never"/> for not at all.</param>
    public void Arm(NodeLoop loop, Instant wake)
    {
        if (wake < loop.Armed)
        {
            loop.Armed = wake;
            Set(loop, wake);
        }
    }

    /// <summary>Runs a loop soon, and never on the thread that asks.</summary>
    public abstract void Wake(NodeLoop loop);

    /// <summary>Forgets a loop that has stopped.</summary>
    public abstract void Forget(NodeLoop loop);

    /// <summary>Puts a loop in its place among those that wait. Its gate is held.</summary>
    protected abstract void Set(NodeLoop loop, Instant wake);
}
