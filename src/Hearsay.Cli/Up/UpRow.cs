namespace Hearsay.Cli.Up;

/// <summary>One line of progress.</summary>
/// <param name="Cycle">Cycles since the last start.</param>
/// <param name="Overlay">The overlay.</param>
/// <param name="ExchangesPerSecond">Since the line before.</param>
/// <param name="BytesPerNodePerSecond">Since the line before.</param>
internal sealed record UpRow(
    double Cycle, OverlaySample Overlay, double ExchangesPerSecond, double BytesPerNodePerSecond)
{
    /// <summary>The headings of <see cref="Cells"/>.</summary>
    public static readonly string[] Headings =
    [
        "cycle", "joined", "view", "in-degree sd", "clustering", "components", "exchanges/s", "B/node/s", "dead links",
    ];

    /// <summary>The line as texts.</summary>
    public string[] Cells() =>
    [
        $"{Cycle:0.#}",
        $"{Overlay.Joined}/{Overlay.Live}",
        $"{Overlay.MeanView:0.0}",
        $"{Overlay.InDegreeDeviation:0.00} ({Overlay.RandomDeviation:0.00})",
        $"{Overlay.Clustering:0.000}",
        $"{Overlay.Components}",
        $"{ExchangesPerSecond:0}",
        $"{BytesPerNodePerSecond:0}",
        $"{Overlay.DeadLinks}",
    ];
}
