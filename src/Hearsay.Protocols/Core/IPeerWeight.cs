namespace Hearsay;

/// <summary>
/// A sampling policy of the application. It filters the peers of a view or weights them, for instance by their metadata
/// or age, or by knowledge of the application, such as their round-trip times.
/// </summary>
/// <remarks>
/// <para>
/// A sampler draws a peer with a probability in proportion to its weight, and never draws a peer of weight 0. Otherwise
/// it follows its <see cref="SamplingPolicy"/>. Without replacement, it draws among the entries that this consumer has
/// not been given yet, and falls back to all others of positive weight when none is left. With
/// <see cref="SamplingPolicy.Head"/> and <see cref="SamplingPolicy.Tail"/> it draws among the youngest or the oldest of
/// positive weight. The quality of the stream counts these draws like any others.
/// </para>
/// <para>
/// A sampler asks for the weight of every candidate at every draw, on the thread that draws. So an implementation must
/// be safe on any thread, must return within a microsecond, and should not allocate. The weight of a peer may change
/// between two draws. An exception is thrown to the code that draws.
/// </para>
/// <para>
/// A weight makes the sample less uniform. Use it for the application's own choices; Hearsay's protocols always draw
/// uniformly.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// sealed class InZone(byte zone) : IPeerWeight
/// {
///     public double WeightOf(in Peer peer) =>
///         peer.HasMetadata &amp;&amp; peer.Metadata.Span is [var other, ..] &amp;&amp; other == zone ? 1 : 0;
/// }
///
/// using var near = node.CreateSampler(new InZone(7));
/// </code>
/// </example>
public interface IPeerWeight
{
    /// <summary>Returns the weight of a peer.</summary>
    /// <param name="peer">A peer of the view, as a draw would return it.</param>
    /// <returns>
    /// From 0 (never drawn) to <see cref="MaximumWeight"/>, relative to the weights of the others. A larger number
    /// counts as the maximum. A negative number, or a value that is not a number, counts as 0.
    /// </returns>
    double WeightOf(in Peer peer);

    /// <summary>The largest weight that counts.</summary>
    const double MaximumWeight = 1e12;
}
