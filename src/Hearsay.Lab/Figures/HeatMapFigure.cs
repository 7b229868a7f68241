namespace Hearsay.Lab;

/// <summary>A number over two parameters.</summary>
/// <param name="Name">The file name without ending.</param>
/// <param name="Title">What is seen.</param>
/// <param name="Horizontal">The parameter of the horizontal axis.</param>
/// <param name="Vertical">The parameter of the vertical axis.</param>
/// <param name="Columns">Values of the horizontal parameter, in equal steps.</param>
/// <param name="Rows">Values of the vertical parameter, in equal steps.</param>
/// <param name="Values">By row and column; not a number where there is none.</param>
/// <param name="Unit">What the colours mean.</param>
public sealed record HeatMapFigure(
    string Name,
    string Title,
    string Horizontal,
    string Vertical,
    IReadOnlyList<double> Columns,
    IReadOnlyList<double> Rows,
    IReadOnlyList<IReadOnlyList<double>> Values,
    string Unit)
    : Figure(Name, Title, Horizontal, Vertical);
