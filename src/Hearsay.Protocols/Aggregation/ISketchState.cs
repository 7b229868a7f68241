namespace Hearsay.Protocols;

/// <summary>
/// A state whose merge may be repeated and whose value is an estimate even when all nodes agree: a method of its own
/// error.
/// </summary>
internal interface ISketchState : IAggregateState
{
    /// <summary>The standard error of the method, in the unit of the value.</summary>
    double StandardError { get; }
}
