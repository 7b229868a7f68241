namespace Hearsay;

/// <summary>
/// The rule by which a sampler chooses a peer of the view (TOCS 2007, section 2.1, and related disciplines).
/// </summary>
public enum SamplingPolicy
{
    /// <summary>
    /// Uniform among the entries that this consumer has not been given yet. An entry counts as new again after it has
    /// left the view and come back. When no entry is left, the draw falls back to a uniform choice from the view and
    /// reports that. This is the default, because it makes the stream of one consumer uniform even if the view changes
    /// slowly.
    /// </summary>
    UniformWithoutReplacement,

    /// <summary>
    /// Uniform from the current view at every draw. It is simple, and repeats peers while the view does not change.
    /// </summary>
    UniformWithReplacement,

    /// <summary>
    /// The youngest entry, ties at random. It is the most likely to be alive, but there is little diversity.
    /// </summary>
    Head,

    /// <summary>
    /// The oldest entry, ties at random. There is more diversity than with head, but it is the most likely to be dead.
    /// </summary>
    Tail,
}
