namespace Hearsay.Learning;

/// <summary>
/// When a node sends. An account gets a token per cycle; every message costs one. Source: Danner, Jelasity, "Token
/// account algorithms", ICDCS 2018.
/// </summary>
public enum TokenPolicy
{
    /// <summary>One message per cycle, whatever happens. The default.</summary>
    None,

    /// <summary>Saves up to C tokens, and passes every new model on at once while tokens are left.</summary>
    Simple,

    /// <summary>Passes a model on to several peers at once if the account is full, to fewer if it is not.</summary>
    Generalised,

    /// <summary>Like Generalised, but with a number of messages that is proportional to the account.</summary>
    Randomised,
}
