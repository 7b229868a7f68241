namespace Hearsay.Simulation;

/// <summary>A node broke a rule of the specification.</summary>
public sealed class InvariantViolationException : Exception
{
    /// <summary>A violation of a rule.</summary>
    /// <param name="rule">The name of the rule.</param>
    /// <param name="message">A description of what happened, where and when.</param>
    public InvariantViolationException(string rule, string message)
        : base(message) => Rule = rule;

    /// <summary>A violation of no rule in particular.</summary>
    public InvariantViolationException()
        : this("", "")
    {
    }

    /// <summary>A violation of no rule in particular.</summary>
    public InvariantViolationException(string message)
        : this("", message)
    {
    }

    /// <summary>A violation that was found through another exception.</summary>
    public InvariantViolationException(string message, Exception inner)
        : base(message, inner) => Rule = "exception";

    /// <summary>The name of the rule.</summary>
    public string Rule { get; } = "";
}
