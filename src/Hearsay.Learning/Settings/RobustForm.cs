namespace Hearsay.Learning;

/// <summary>How a node protects its model from poisoned ones.</summary>
public enum RobustForm
{
    /// <summary>Not at all: every well-formed model is merged. The default, for nodes that trust each other.</summary>
    None,

    /// <summary>
    /// Ages that cannot be true are cut down. A received model moves the node's own model no further than the median
    /// model would, and a model that is much farther away does not move it at all. All bounds are per period. After
    /// Karimireddy, He, Jaggi, "Learning from history", ICML 2021 (centred clipping).
    /// </summary>
    Clip,

    /// <summary>
    /// Once a cycle the node asks several random peers for their models, and averages its own with those that are
    /// nearest to it; then it updates. Models that nobody asked for are dropped. After RPEL, 2025, and GRANITE, 2025.
    /// </summary>
    Nearest,
}
