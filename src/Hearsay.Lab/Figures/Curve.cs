namespace Hearsay.Lab;

/// <summary>One curve of a figure.</summary>
/// <param name="Label">Its name in the legend.</param>
/// <param name="Points">Its points, from left to right.</param>
public sealed record Curve(string Label, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Whether only points are drawn: figures of others, to compare with.</summary>
    public bool IsOracle { get; init; }

    /// <summary>Whether this is a known law, drawn as a pale band below the other curves.</summary>
    public bool IsLaw { get; init; }
}
