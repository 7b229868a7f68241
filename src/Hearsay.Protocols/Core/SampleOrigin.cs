namespace Hearsay;

/// <summary>What kind of draw a sample came from.</summary>
public enum SampleOrigin
{
    /// <summary>There was no peer: the view is empty.</summary>
    None,

    /// <summary>Drawn by the sampler's policy as it should be.</summary>
    Fresh,

    /// <summary>
    /// Every entry of the view had been given to this consumer already, so this is a uniform choice among them: the
    /// consumer draws faster than the view changes, and its stream is no longer fresh.
    /// </summary>
    Fallback,
}
