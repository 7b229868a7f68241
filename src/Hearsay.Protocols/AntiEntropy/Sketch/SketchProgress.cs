namespace Hearsay.Protocols.AntiEntropy.Sketch;

/// <summary>How far a decoding is.</summary>
internal enum SketchProgress
{
    /// <summary>More cells are needed.</summary>
    NeedsCells,

    /// <summary>The difference is known.</summary>
    Done,

    /// <summary>All cells that are allowed have come and the difference is not known: it is too large, or a
    /// lie.</summary>
    GaveUp,
}
