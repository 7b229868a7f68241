namespace Hearsay.Protocols.Core;

/// <summary>
/// Lets something happen at once, then ever more rarely for as long as it goes on: the pause after each time is twice
/// the one before, from a shortest to a longest. When nothing asked for twice the pause, it begins anew.
/// </summary>
/// <remarks>A mutable value with one owner; not thread safe.</remarks>
internal struct WideningPace(TimeSpan shortest, TimeSpan longest)
{
    /// <summary>The pause after the last time; zero before the first.</summary>
    private TimeSpan _pause;

    /// <summary>The earliest moment of the next time.</summary>
    public Instant Next { get; private set; } = new(long.MinValue);

    /// <summary>Asks whether it may happen now.</summary>
    /// <returns>True if so; the next pause begins with it.</returns>
    public bool TryTake(Instant now)
    {
        if (now < Next)
        {
            return false;
        }

        var isOver = _pause == TimeSpan.Zero || now - Next > 2 * _pause;
        _pause = isOver ? shortest : _pause < longest / 2 ? 2 * _pause : longest;
        Next = now + _pause;
        return true;
    }
}
