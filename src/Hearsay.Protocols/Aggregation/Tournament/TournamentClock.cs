using Hearsay.Protocols.Aggregation.Epochs;

namespace Hearsay.Protocols.Aggregation.Tournament;

/// <summary>
/// Which tournament it is: they follow each other on the time line that aggregation's epochs make up, so that nodes
/// which agree on the epoch agree on the tournament, however long either is.
/// </summary>
internal sealed class TournamentClock(AggregationOptions options)
{
    private Instant _began;

    /// <summary>How long a tournament lasts.</summary>
    public TimeSpan Length { get; } = options.CycleTime * options.TournamentCycles;

    /// <summary>Which it is, from 1; 0 while the epoch is not known.</summary>
    public long Number { get; private set; }

    /// <summary>How long it has lasted.</summary>
    public TimeSpan Elapsed(Instant now) => now - _began;

    /// <summary>How many cycles of it have passed.</summary>
    public int Cycle(Instant now) => (int)(Elapsed(now).Ticks / options.CycleTime.Ticks);

    /// <summary>Whether it has only begun: who comes now takes part from the beginning.</summary>
    public bool IsYoung(Instant now) =>
        Number > 0 && Elapsed(now) <= Math.Max(1, options.TournamentCycles / 8) * options.CycleTime;

    /// <summary>Looks at the clock.</summary>
    /// <returns>Whether it is another tournament than at the last look.</returns>
    public bool TryAdvance(EpochClock epochs, Instant now)
    {
        var before = Number;
        if (epochs.Phase == EpochPhase.Joining)
        {
            Number = 0;
            return before != 0;
        }

        // All that has passed since the first epoch began is more than 64 bits may hold.
        var passed = ((Int128)(epochs.Epoch - 1) * epochs.Length.Ticks) + epochs.Elapsed(now).Ticks;
        Number = (long)(passed / Length.Ticks) + 1;
        _began = now + TimeSpan.FromTicks(-(long)(passed % Length.Ticks));
        return before != Number;
    }
}
