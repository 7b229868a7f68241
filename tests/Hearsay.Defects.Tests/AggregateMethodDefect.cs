namespace Hearsay.Protocols;

/// <summary>Ways to get flow updating, push-sum and tournaments wrong.</summary>
public enum AggregateMethodDefect
{
    /// <summary>As they ship.</summary>
    None,

    /// <summary>Flow updating: the flow to a neighbour that failed stays.</summary>
    FlowOfTheDeadKept,

    /// <summary>Flow updating: an exchange that comes again or late is taken for a new one.</summary>
    OldExchangeTaken,

    /// <summary>Flow updating: of two exchanges that cross both are applied.</summary>
    CrossedBothTaken,

    /// <summary>Flow updating: what is no number is taken for one.</summary>
    NonsenseAccepted,

    /// <summary>Push-sum: what is sent is kept as well.</summary>
    HalfNotGivenAway,

    /// <summary>Push-sum: a push that comes twice counts twice.</summary>
    PushTakenTwice,

    /// <summary>Push-sum: a push that comes again after its id had to give way counts again.</summary>
    ForgottenPushTaken,

    /// <summary>Push-sum: a push of an epoch that has passed counts in this one.</summary>
    OldPushTaken,

    /// <summary>Tournament: a pull is answered with the present value, whatever round it is for.</summary>
    PresentValueAnswered,

    /// <summary>Tournament: a round is played with whatever has come.</summary>
    RoundNotAwaited,

    /// <summary>Tournament: an answer is taken whoever it is from and whatever it answers.</summary>
    AnyAnswerTaken,
}
