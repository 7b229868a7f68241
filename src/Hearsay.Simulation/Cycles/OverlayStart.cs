namespace Hearsay.Simulation;

/// <summary>The overlay before the first cycle (TOCS 2007, section 4.1: growing, lattice and random).</summary>
public enum OverlayStart
{
    /// <summary>Every view is full with uniform random nodes.</summary>
    Random,

    /// <summary>A ring in which every node knows the c/2 nodes on each side.</summary>
    Lattice,

    /// <summary>Every node knows only the first node, which knows no other.</summary>
    Star,

    /// <summary>Every node knows only the next node; the last knows no other.</summary>
    Chain,

    /// <summary>One node. Then more join in every cycle, each of which knows only the first.</summary>
    Growing,
}
