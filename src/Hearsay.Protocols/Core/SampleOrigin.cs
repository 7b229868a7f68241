namespace Hearsay;

/// <summary>How a sample was drawn.</summary>
public enum SampleOrigin
{
    /// <summary>No peer was drawn, because the view is empty.</summary>
    None,

    /// <summary>The peer was drawn by the rule of the sampler's policy.</summary>
    Fresh,

    /// <summary>
    /// The peer was drawn uniformly from the view, because the consumer had been given every entry already. The
    /// consumer draws faster than the view changes, so its stream is no longer fresh.
    /// </summary>
    Fallback,
}
