namespace Hearsay.Protocols;

/// <summary>Ways to get peer sampling wrong.</summary>
public enum Defect
{
    /// <summary>As it ships.</summary>
    None,

    /// <summary>A merge does not know what was sent, so random entries give way.</summary>
    ForgottenSentSet,

    /// <summary>Late answers are merged as if the latest request had been theirs.</summary>
    WrongSentSet,

    /// <summary>Of equally old entries the first goes first.</summary>
    WrongTieRule,

    /// <summary>Of two descriptors of a peer the older age is kept.</summary>
    WrongDeduplication,

    /// <summary>The entries sent do not give way: S is inert.</summary>
    SwapRemovesRandom,

    /// <summary>tail chooses the first entry.</summary>
    TailIsNotOldest,

    /// <summary>A lower incarnation replaces a higher one.</summary>
    StaleIncarnationAccepted,

    /// <summary>A failure is not remembered.</summary>
    EvictionWithoutMemory,

    /// <summary>Failures in a row do not keep an address out.</summary>
    QuarantineIgnored,

    /// <summary>When an address is no longer held, old news of it comes in again.</summary>
    OldNewsReturns,

    /// <summary>A node takes its own descriptor in.</summary>
    SelfInView,

    /// <summary>Ages wrap round.</summary>
    AgeOverflow,

    /// <summary>The passive side merges before it answers.</summary>
    AnswerAfterMerge,

    /// <summary>Being contacted does not age the view.</summary>
    PassiveSideStaysYoung,

    /// <summary>Peers that left come back with what still goes round.</summary>
    DepartedTakenBack,

    /// <summary>A request that comes twice is used twice.</summary>
    ReplaysProcessed,

    /// <summary>A request that was meant for another node is answered and merged.</summary>
    WrongTargetAnswered,

    /// <summary>Without replacement gives anybody again.</summary>
    SamplerWithReplacement,

    /// <summary>A merge may leave one entry more than c.</summary>
    ViewOverflow,

    /// <summary>An entry that is evicted stays pinned in the table.</summary>
    PinLeaked,

    /// <summary>H is inert.</summary>
    HealingForgotten,

    /// <summary>Answers may be longer than the datagram they answer.</summary>
    Amplification,
}
