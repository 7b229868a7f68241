namespace Hearsay.Simulation;

/// <summary>The overlay before the first cycle (TOCS 2007, section 4.1: growing, lattice and random).</summary>
public enum OverlayStart
{
    /// <summary>Every view is full with uniform random nodes.</summary>
    Random,

    /// <summary>A ring in which every node knows the c/2 nodes on each side.</summary>
    Lattice,

    /// <summary>Every node knows only the first one, which knows nobody.</summary>
    Star,

    /// <summary>Every node knows only the next one; the last knows nobody.</summary>
    Chain,

    /// <summary>One node; then some join in every cycle, each knowing only the first.</summary>
    Growing,
}
