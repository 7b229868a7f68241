using Hearsay.Protocols.Security.Origins;

namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>
/// What aggregation counted since the node started. Fields only grow; the event loop writes them, any thread may read.
/// </summary>
internal sealed class AggregationCounters
{
    /// <summary>Exchanges begun.</summary>
    public long Started;

    /// <summary>Of those, answered and applied.</summary>
    public long Completed;

    /// <summary>Of those, refused by the partner: of another epoch, or waiting for the next.</summary>
    public long Refused;

    /// <summary>Requests sent again.</summary>
    public long Retries;

    /// <summary>Exchanges whose outcome is not known: given up, or open when their epoch ended.</summary>
    public long Unsettled;

    /// <summary>Requests of others answered.</summary>
    public long Answered;

    /// <summary>Answers repeated without updating again.</summary>
    public long AnswersRepeated;

    /// <summary>Requests seen before whose answer is not kept any more: dropped, never applied again.</summary>
    public long AnswersForgotten;

    /// <summary>Answers that belong to nothing open: late, doubled or made up.</summary>
    public long StrayAnswers;

    /// <summary>Requests of nodes that take no part in the epoch and look at what this node has.</summary>
    public long LooksGiven;

    /// <summary>Requests of an epoch that has passed here.</summary>
    public long StaleRequests;

    /// <summary>Frames that were no valid message.</summary>
    public long Malformed;

    /// <summary>States of single aggregates that were no number, absurd, out of bounds or too far away.</summary>
    public long StatesRefused;

    /// <summary>Epochs too far ahead to follow.</summary>
    public long FarEpochs;

    /// <summary>Epochs that came before time, too soon after another one that did or from somebody unasked.</summary>
    public long EarlyEpochs;

    /// <summary>Times this node followed others to a later epoch.</summary>
    public long Jumps;

    /// <summary>Times it had lost touch with everybody's epoch and joined anew.</summary>
    public long Rejoins;

    /// <summary>Epochs completed.</summary>
    public long Epochs;

    /// <summary>Epochs after which this node had met too few others to know the size of their network.</summary>
    public long SizesNotKept;

    /// <summary>Own values that came too late, twice, or were no usable number.</summary>
    public long ValuesRefused;

    /// <summary>Definitions learned from others.</summary>
    public long Learned;

    /// <summary>Definitions forgotten because nobody used them any more.</summary>
    public long Expired;

    /// <summary>Definitions that this node had not asked for.</summary>
    public long DefinitionsUnasked;

    /// <summary>Definitions refused: too many, malformed, expired or not known to this version.</summary>
    public long DefinitionsRefused;

    /// <summary>Definitions refused for what proves them, in mode identity.</summary>
    public readonly OriginCounters Origins = new();
}
