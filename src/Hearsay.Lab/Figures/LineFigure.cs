namespace Hearsay.Lab;

/// <summary>Curves, with reference lines where a value is known.</summary>
/// <param name="Name">The file name without ending.</param>
/// <param name="Title">What is seen.</param>
/// <param name="Horizontal">The quantity and unit of the horizontal axis.</param>
/// <param name="Vertical">The quantity and unit of the vertical axis.</param>
/// <param name="Curves">What was measured.</param>
public sealed record LineFigure(
    string Name, string Title, string Horizontal, string Vertical, IReadOnlyList<Curve> Curves)
    : Figure(Name, Title, Horizontal, Vertical)
{
    /// <summary>Known values, drawn as dashed lines across.</summary>
    public IReadOnlyList<Reference> References { get; init; } = [];

    /// <summary>Whether the horizontal axis is logarithmic.</summary>
    public bool LogHorizontal { get; init; }

    /// <summary>Whether the vertical axis is logarithmic; zeros are left out.</summary>
    public bool LogVertical { get; init; }

    /// <summary>
    /// Whether curves may lie on each other. The first one is then the widest and each later one narrower, so that all
    /// of them can be seen.
    /// </summary>
    public bool MayCover { get; init; }

    /// <summary>
    /// Names of the places 1, 2, ... on the horizontal axis where it has no scale; points are then not joined.
    /// </summary>
    public IReadOnlyList<string> Categories { get; init; } = [];
}
