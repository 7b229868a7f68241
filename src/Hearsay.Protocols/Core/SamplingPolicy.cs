namespace Hearsay;

/// <summary>
/// Which peer of the view a sampler hands out (TOCS 2007, section 2.1, and the disciplines around it).
/// </summary>
public enum SamplingPolicy
{
    /// <summary>
    /// Uniform among the entries this consumer was not given yet; an entry returns only after it left the view and came
    /// back. When none is left the draw falls back to a uniform choice from the view and says so. The default: it makes
    /// the stream of one consumer uniform even where views change slowly.
    /// </summary>
    UniformWithoutReplacement,

    /// <summary>
    /// Uniform from the current view at every draw. Simple; repeats peers while the view stands still.
    /// </summary>
    UniformWithReplacement,

    /// <summary>The youngest entry, ties at random: most likely alive, little diversity.</summary>
    Head,

    /// <summary>The oldest entry, ties at random: more diverse than head, most likely dead.</summary>
    Tail,
}
