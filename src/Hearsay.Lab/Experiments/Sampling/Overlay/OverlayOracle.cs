using Hearsay.Lab.Contract;

namespace Hearsay.Lab.Experiments.Sampling.Overlay;

/// <summary>A known converged overlay, N = 10,000 and c = 30, rand or head selection.</summary>
/// <param name="Preset">blind, healer or swapper: which (H, S).</param>
/// <param name="Selection">How partners are chosen.</param>
/// <param name="Propagation">Which way descriptors travel.</param>
/// <param name="Start">From which overlay.</param>
/// <param name="Cycles">From which cycle the figures hold.</param>
/// <param name="Deviation">Of the in-degree, or null.</param>
/// <param name="Clustering">Or null.</param>
/// <param name="PathLength">Or null.</param>
/// <param name="Source">Where the figures come from, if not from the independent program.</param>
internal sealed record OverlayOracle(
    string Preset,
    PeerSelection Selection,
    Propagation Propagation,
    OverlayStart Start,
    int Cycles,
    double? Deviation,
    double? Clustering,
    double? PathLength,
    string Source = Sources.Tocs);
