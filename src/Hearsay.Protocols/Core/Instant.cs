namespace Hearsay.Protocols;

/// <summary>
/// An instant on a node's own monotonic clock, in ticks of 100 ns since an arbitrary origin. Protocols know no other
/// time. The live driver derives it from a <c>TimeProvider</c>, and a simulator from virtual time. Immutable.
/// </summary>
/// <param name="Ticks">The number of ticks of 100 ns since the origin of the clock.</param>
public readonly record struct Instant(long Ticks) : IComparable<Instant>
{
    /// <summary>The origin of the clock.</summary>
    public static Instant Zero => default;

    /// <summary>An instant that never comes: the deadline of a protocol that waits for nothing.</summary>
    public static Instant Never => new(long.MaxValue);

    /// <summary>
    /// Returns the instant <paramref name="span"/> later. The result saturates at <see cref="Never"/>.
    /// </summary>
    public static Instant operator +(Instant instant, TimeSpan span)
    {
        var sum = unchecked(instant.Ticks + span.Ticks);
        var overflowed = ((instant.Ticks ^ sum) & (span.Ticks ^ sum)) < 0;
        return overflowed ? (span.Ticks > 0 ? Never : new Instant(long.MinValue)) : new Instant(sum);
    }

    /// <summary>
    /// Returns the time from <paramref name="earlier"/> to <paramref name="later"/>. The result saturates.
    /// </summary>
    public static TimeSpan operator -(Instant later, Instant earlier)
    {
        var difference = unchecked(later.Ticks - earlier.Ticks);
        var overflowed = ((later.Ticks ^ earlier.Ticks) & (later.Ticks ^ difference)) < 0;
        return overflowed ? (later.Ticks >= 0 ? TimeSpan.MaxValue : TimeSpan.MinValue) : new TimeSpan(difference);
    }

    // Written out: what the compiler writes asks a comparer, which costs where nothing is inlined.

    /// <inheritdoc/>
    public bool Equals(Instant other) => Ticks == other.Ticks;

    /// <inheritdoc/>
    public override int GetHashCode() => Ticks.GetHashCode();

    /// <summary>Returns whether <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool operator <(Instant left, Instant right) => left.Ticks < right.Ticks;

    /// <summary>Returns whether <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    public static bool operator >(Instant left, Instant right) => left.Ticks > right.Ticks;

    /// <summary>
    /// Returns whether <paramref name="left"/> comes before <paramref name="right"/> or is equal to it.
    /// </summary>
    public static bool operator <=(Instant left, Instant right) => left.Ticks <= right.Ticks;

    /// <summary>
    /// Returns whether <paramref name="left"/> comes after <paramref name="right"/> or is equal to it.
    /// </summary>
    public static bool operator >=(Instant left, Instant right) => left.Ticks >= right.Ticks;

    /// <summary>Returns the earlier of two instants.</summary>
    public static Instant Min(Instant left, Instant right) => left <= right ? left : right;

    /// <summary>Returns the later of two instants.</summary>
    public static Instant Max(Instant left, Instant right) => left >= right ? left : right;

    /// <summary>The next moment on a grid; a moment that is on it stays, and never stays never.</summary>
    internal Instant RoundUp(TimeSpan grain) => Ticks > long.MaxValue - grain.Ticks
        ? Never : new Instant((Ticks + grain.Ticks - 1) / grain.Ticks * grain.Ticks);

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Ticks.CompareTo(other.Ticks);

    /// <summary>Returns the instant in seconds since the origin, as text.</summary>
    public override string ToString() => this == Never ? "never" : $"{new TimeSpan(Ticks).TotalSeconds:0.######} s";
}
