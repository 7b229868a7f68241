namespace Hearsay.Protocols;

/// <summary>Ways to get rumor mongering wrong.</summary>
public enum RumorDefect
{
    /// <summary>As it ships.</summary>
    None,

    /// <summary>A rumor older than any may be is taken, as if it were young.</summary>
    StaleTaken,

    /// <summary>Feedback counts although nothing was told to its sender.</summary>
    AnyFeedbackCounts,

    /// <summary>Any number of new rumors is taken in a cycle.</summary>
    NoThrottle,

    /// <summary>An answer may be longer than its question.</summary>
    AnswerIgnoresRoom,

    /// <summary>Any number of contacts is taken in a cycle.</summary>
    LimitIgnored,

    /// <summary>A useful contact leaves the counter as it is.</summary>
    CounterNotSetBack,

    /// <summary>Who learned a rumor in this cycle counts as one that knew.</summary>
    FreshCountsAsKnown,

    /// <summary>When the text is dropped the id is forgotten with it.</summary>
    IdForgottenWithText,
}
