namespace Hearsay.Loop;

/// <summary>
/// How often something came late, and by how much in all. One thread at a time notes; any thread reads.
/// </summary>
internal sealed class Lateness
{
    /// <summary>
    /// What is earlier than this is a busy machine. A peer waits about as long for an answer before it thinks that
    /// nobody is there.
    /// </summary>
    public static readonly TimeSpan Threshold = TimeSpan.FromSeconds(1);

    private long _stalls;
    private long _ticks;

    /// <summary>How often it was later than the threshold.</summary>
    public long Stalls => Volatile.Read(ref _stalls);

    /// <summary>By how much in all those times.</summary>
    public TimeSpan Total => new(Volatile.Read(ref _ticks));

    /// <summary>Counts it if it is late enough.</summary>
    /// <returns>Whether it was.</returns>
    public bool Note(TimeSpan late)
    {
        if (late <= Threshold)
        {
            return false;
        }

        Volatile.Write(ref _ticks, _ticks + late.Ticks);
        Volatile.Write(ref _stalls, _stalls + 1);
        return true;
    }
}
