using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Protocols.Aggregation.States;

/// <summary>
/// What a node holds of one aggregate in one epoch, and how two such states meet. An implementation is of one of two
/// families: averaged vectors, where what one side gains the other loses (the answer is a difference, applied once),
/// or idempotent merges (minimum, maximum, union), where the answer is the merged state and may come any number of
/// times.
/// </summary>
/// <remarks>
/// The three messages of a state have the same length limit, <see cref="MaximumBytes"/>. Bytes come from the network:
/// check everything before changing anything. Nothing here allocates.
/// </remarks>
internal interface IAggregateState
{
    /// <summary>The most bytes a state takes on the wire.</summary>
    int MaximumBytes { get; }

    /// <summary>
    /// The quantity that exchanges bring into agreement, for instance the mean; NaN while there is none. Of a sum it is
    /// the mean, of a sketch its estimate.
    /// </summary>
    double Value { get; }

    /// <summary>The share of nodes that gave a value; NaN if the state does not know it.</summary>
    double Contributors { get; }

    /// <summary>
    /// How far <see cref="Value"/> is off, typically, even when all nodes agree to the last digit: the error of a
    /// sketch, the width of a bucket, digits lost in rounding. Infinite if the value is out of range, 0 if it is exact.
    /// </summary>
    double MethodError { get; }

    /// <summary>
    /// Whether nothing is known and saying so takes many bytes: who only passes such a state on does not send it.
    /// </summary>
    bool IsBlank { get; }

    /// <summary>
    /// An exchange that would move <see cref="Value"/> by more is refused; infinity for no limit. States for which it
    /// makes no sense ignore it.
    /// </summary>
    double StepLimit { get; set; }

    /// <summary>A new epoch: nothing given, nothing heard.</summary>
    void Clear();

    /// <summary>Adds this node's own value, at most once an epoch.</summary>
    /// <returns>False if it is no number or absurd; then nothing has changed.</returns>
    bool TryContribute(in AggregateInput input);

    /// <summary>Writes the state into a request.</summary>
    void WriteRequest(ref WireWriter writer);

    /// <summary>The asked side: merges a request's state and writes the answer.</summary>
    /// <param name="request">Exactly the bytes that the other side wrote, if it is honest.</param>
    /// <param name="answer">Room may be short.</param>
    /// <returns>False if it is malformed, refused or does not fit; then nothing has changed.</returns>
    bool TryAnswer(ReadOnlySpan<byte> request, ref WireWriter answer);

    /// <summary>The asking side: takes an answer into account, whatever happened to the state meanwhile.</summary>
    /// <returns>False if it is malformed or refused; then nothing has changed.</returns>
    bool TryApply(ReadOnlySpan<byte> answer);

    /// <summary>
    /// Takes another node's state for a look, in place of whatever is here: it is read and never exchanged.
    /// </summary>
    /// <param name="state">As in a request.</param>
    /// <returns>False if it is malformed; what is here is of no use then.</returns>
    bool TryCopy(ReadOnlySpan<byte> state);
}
