using Hearsay.Loop;
using Hearsay.Protocols;

namespace Hearsay.Cli.Up.Floor;

/// <summary>
/// The clock of one node that jumps ahead to whatever is due next when it is told to; else it runs like the process's.
/// </summary>
internal sealed class HurriedScheduler : DueScheduler
{
    private long _ahead;

    /// <inheritdoc/>
    public override Instant Now => OfProcess.Now + TimeSpan.FromTicks(Volatile.Read(ref _ahead));

    /// <inheritdoc/>
    public override bool CanBeLate => false;

    /// <summary>Jumps to a moment; one that has passed changes nothing. The loop's gate is held.</summary>
    public void JumpTo(Instant moment)
    {
        var left = moment == Instant.Never ? 0 : (moment - Now).Ticks;
        Volatile.Write(ref _ahead, _ahead + Math.Max(0, left));
    }

    /// <inheritdoc/>
    public override void Wake(NodeLoop loop) => OfProcess.Wake(loop);

    /// <inheritdoc/>
    public override void Forget(NodeLoop loop) => OfProcess.Forget(loop);

    /// <inheritdoc/>
    protected override void Set(NodeLoop loop, Instant wake)
    {
        // The process keeps the due times in its own time, the loop in this one.
        loop.Armed = Instant.Never;
        OfProcess.Arm(loop, wake == Instant.Never ? wake : new Instant(wake.Ticks - Volatile.Read(ref _ahead)));
        loop.Armed = wake;
    }
}
