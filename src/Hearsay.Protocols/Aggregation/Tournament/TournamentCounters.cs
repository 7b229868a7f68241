using Hearsay.Protocols.Aggregation.Carriers;

namespace Hearsay.Protocols.Aggregation.Tournament;

/// <summary>
/// What tournaments counted since the node started. Fields only grow; the event loop writes them, any thread may read.
/// </summary>
internal sealed class TournamentCounters : EpochCarrierCounters
{
    /// <summary>Pulls sent, those sent again included.</summary>
    public long Pulls;

    /// <summary>Of those, sent again because there was no answer, or none to use.</summary>
    public long Retries;

    /// <summary>Pulls of others answered with a value.</summary>
    public long Answered;

    /// <summary>Pulls of others answered "not yet": they are a round further.</summary>
    public long NotYet;

    /// <summary>Pulls of others answered "none": no value here, or no part in the epoch.</summary>
    public long None;

    /// <summary>
    /// Answers that belong to nothing open: late, doubled, made up, or of another node than was asked.
    /// </summary>
    public long Stray;

    /// <summary>Tournaments played to the end.</summary>
    public long Completed;

    /// <summary>Tournaments that the end of the epoch cut off.</summary>
    public long Unfinished;

    /// <summary>Values of others that were no number, absurd or out of bounds.</summary>
    public long Refused;
}
