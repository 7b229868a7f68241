using Hearsay.Protocols.Transfer;

namespace Hearsay.Learning;

/// <summary>The counters of a learner since it started. They only grow. Any thread may read them.</summary>
public sealed class LearningCounters
{
    /// <summary>Models sent, whole or in part. A model that is sent in chunks counts each time it is offered.</summary>
    public long Sent { get; internal set; }

    /// <summary>Bytes of models sent, without envelopes.</summary>
    public long BytesSent { get; internal set; }

    /// <summary>Models that were not sent, because no peer was known or the node could not send.</summary>
    public long NotSent { get; internal set; }

    /// <summary>Models received and used.</summary>
    public long Merged { get; internal set; }

    /// <summary>Mini-batches with which the node's own model was improved.</summary>
    public long Steps { get; internal set; }

    /// <summary>Frames refused: of another version, cut short, or too long.</summary>
    public long Malformed { get; internal set; }

    /// <summary>Models refused: of another kind, size or number of partitions.</summary>
    public long OtherModel { get; internal set; }

    /// <summary>Models refused: a claimed age that no model can have.</summary>
    public long ImpossibleAge { get; internal set; }

    /// <summary>Models refused: a parameter was not a finite number of a sane size.</summary>
    public long NotFinite { get; internal set; }

    /// <summary>
    /// Models dropped while they waited for the proof of their source address. Without it, anybody may have sent them.
    /// </summary>
    public long Unproven { get; internal set; }

    /// <summary>Models dropped, because a newer one came while the node was busy with an update.</summary>
    public long Overtaken { get; internal set; }

    /// <summary>Models whose claimed age was cut down.</summary>
    public long AgesCapped { get; internal set; }

    /// <summary>Models whose difference to the node's own model was cut down.</summary>
    public long Clipped { get; internal set; }

    /// <summary>Models left out, because others were nearer.</summary>
    public long LeftOut { get; internal set; }

    /// <summary>Times the node's own model grew beyond all bounds and was started anew. Choose a smaller
    /// step.</summary>
    public long Diverged { get; internal set; }

    /// <summary>Models that nobody had asked for.</summary>
    public long Unasked { get; internal set; }

    /// <summary>
    /// Models, and offers of models, of a peer that sent too many in a period, with <see cref="RobustForm.Clip"/>: more
    /// than two, and with tokens more than a burst beyond that.
    /// </summary>
    public long TooOften { get; internal set; }

    /// <summary>
    /// Requests for the model, or for chunks of it, that were not answered: too many, or from an address that is not
    /// proven.
    /// </summary>
    public long PullsRefused { get; internal set; }

    /// <summary>Models that came whole in chunks, because they are too long for a frame.</summary>
    public long Fetched { get; internal set; }

    /// <summary>Offers of such models that were not taken: too many were on their way to this node.</summary>
    public long OffersRefused { get; internal set; }

    /// <summary>
    /// Models in chunks that came only in part, or not at all: the node that offered the model is gone or too slow.
    /// </summary>
    public long TransfersGivenUp { get; internal set; }

    /// <summary>Chunks of models sent.</summary>
    public long ChunksSent => Transfer.ChunksSent;

    /// <summary>Chunks that belong to no model that was offered, came twice, or were altered on the way.</summary>
    public long ChunksRefused => Transfer.ChunksRefused;

    /// <summary>What the transfer of models counts.</summary>
    internal TransferCounters Transfer { get; } = new();

    /// <summary>Adds what a learner counted that has ended.</summary>
    internal void Add(LearningCounters other)
    {
        Sent += other.Sent;
        BytesSent += other.BytesSent;
        NotSent += other.NotSent;
        Merged += other.Merged;
        Steps += other.Steps;
        Malformed += other.Malformed;
        OtherModel += other.OtherModel;
        ImpossibleAge += other.ImpossibleAge;
        NotFinite += other.NotFinite;
        Unproven += other.Unproven;
        Overtaken += other.Overtaken;
        AgesCapped += other.AgesCapped;
        Clipped += other.Clipped;
        LeftOut += other.LeftOut;
        Diverged += other.Diverged;
        Unasked += other.Unasked;
        TooOften += other.TooOften;
        PullsRefused += other.PullsRefused;
        Fetched += other.Fetched;
        OffersRefused += other.OffersRefused;
        TransfersGivenUp += other.TransfersGivenUp;
        Transfer.Add(other.Transfer);
    }
}
