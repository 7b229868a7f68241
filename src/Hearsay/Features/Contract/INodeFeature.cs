using Hearsay.Protocols;

namespace Hearsay.Features.Contract;

/// <summary>
/// What one node runs beside peer sampling: some protocols of Hearsay's own, and what the application sees of them. The
/// node knows its features by this contract only.
/// </summary>
internal interface INodeFeature
{
    /// <summary>Its protocols, in the order in which they start. Always the same.</summary>
    IReadOnlyList<IProtocol> Protocols { get; }

    /// <summary>What it measures and does not only count; known once it is attached.</summary>
    IReadOnlyList<FeatureHistogram> Histograms => [];

    /// <summary>Ties it to the node it runs in. Called once, before the node's loop starts.</summary>
    void Attach(FeatureHost host);

    /// <summary>
    /// One of its protocols has published an event. Called inside the loop, so it queues and returns.
    /// </summary>
    void OnEvent(byte protocol, object happened)
    {
    }

    /// <summary>
    /// The node leaves. What was begun here and nobody else has yet is handed over. Other features do the same
    /// meanwhile.
    /// </summary>
    /// <param name="limit">The most time for it, by the clock of the machine. 0: there is none.</param>
    /// <param name="cancellationToken">Ends it at once. The task then completes normally.</param>
    /// <returns>
    /// What was not handed over; <see cref="LeaveResult.Nothing"/> of a feature that has nothing to hand over.
    /// </returns>
    Task<LeaveResult> HandOverAsync(TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>
    /// The node has stopped. Everybody who waits for this feature is released, and every later call fails as
    /// <see cref="Loop.NodeLoop.Ending"/> says.
    /// </summary>
    /// <param name="failure">
    /// If it stopped by itself: sequences end with it. Null: they end normally. What else waits fails with
    /// <see cref="Loop.NodeEnding.ToException"/> in either case.
    /// </param>
    void Complete(Exception? failure);
}
