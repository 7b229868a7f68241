namespace Hearsay.Simulation.Tests.Rumors;

/// <summary>Ways to break the protocol from outside.</summary>
internal enum RumorFault
{
    None,

    /// <summary>Nobody hears what came of telling.</summary>
    FeedbackLost,

    /// <summary>Every contact counts as useful.</summary>
    AllWasNew,

    /// <summary>Every contact counts as unnecessary.</summary>
    NothingWasNew,

    /// <summary>Each contact tells another partner as well.</summary>
    ToldTwice,

    /// <summary>Nobody is answered who asks.</summary>
    NoAnswers,

    /// <summary>Each node talks to its neighbours in a ring and to nobody else.</summary>
    NearPartners,
}
