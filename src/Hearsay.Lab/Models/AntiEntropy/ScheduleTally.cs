namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>What many schedules came to.</summary>
internal sealed class ScheduleTally
{
    /// <summary>How many schedules were run, or are covered by the states that were judged.</summary>
    public double Schedules { get; set; }

    /// <summary>How often a state was rebuilt from its steps, to be followed or judged; 0 if all were run.</summary>
    public long Replays { get; set; }

    /// <summary>How many end states were judged.</summary>
    public long Judged { get; private set; }

    /// <summary>Those in which something came back that had been removed.</summary>
    public long Resurrections { get; private set; }

    /// <summary>Those in which something was gone that nobody had removed.</summary>
    public long LostWrites { get; private set; }

    /// <summary>Those in which replicas differed, or one did not show what it must on the way.</summary>
    public long Divergent { get; private set; }

    /// <summary>Events of others that were applied.</summary>
    public long Applied { get; private set; }

    /// <summary>Exchanges that had an effect.</summary>
    public long Exchanges { get; private set; }

    /// <summary>Times that two nodes gave each other what their contexts lacked.</summary>
    public long Differences { get; private set; }

    /// <summary>The first schedule that failed.</summary>
    public string? FirstFailure { get; private set; }

    private long FirstFailureNumber { get; set; } = long.MaxValue;

    /// <summary>Counts one end state.</summary>
    /// <param name="number">Its number: of several failures the one of the least number is told.</param>
    /// <param name="steps">How it came about.</param>
    /// <param name="world">The world, judged.</param>
    /// <param name="verdict">What it came to.</param>
    public void Count(long number, IEnumerable<ScheduleStep> steps, ScheduleWorld world, ScheduleVerdict verdict)
    {
        Judged++;
        Resurrections += verdict.Resurrections != 0 ? 1 : 0;
        LostWrites += verdict.LostWrites != 0 ? 1 : 0;
        Divergent += verdict.IsDivergent ? 1 : 0;
        Applied += world.Applied;
        Exchanges += world.Exchanges;
        Differences += world.Differences;
        if (!verdict.IsSound && number < FirstFailureNumber)
        {
            (FirstFailureNumber, FirstFailure) = (number, string.Join(", ", steps));
        }
    }

    /// <summary>Adds what was counted elsewhere.</summary>
    public void Add(ScheduleTally other)
    {
        Schedules += other.Schedules;
        Judged += other.Judged;
        Resurrections += other.Resurrections;
        LostWrites += other.LostWrites;
        Divergent += other.Divergent;
        Applied += other.Applied;
        Exchanges += other.Exchanges;
        Differences += other.Differences;
        if (other.FirstFailureNumber < FirstFailureNumber)
        {
            (FirstFailureNumber, FirstFailure) = (other.FirstFailureNumber, other.FirstFailure);
        }
    }
}
