using Hearsay.Cli.Up.Network;

namespace Hearsay.Cli.Up.Results;

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
        "cycle", "joined", "view", "degree sd", "random", "cluster", "parts", "exch/s", "B/node/s", "dead",
    ];

    /// <summary>What the headings mean; they are short so that a row fits a terminal of 80 columns.</summary>
    public const string Legend =
        "view: mean entries; degree sd: spread of in-degrees, random: that of a random graph; "
        + "cluster: clustering; parts: components; dead: links to dead nodes";

    /// <summary>The line as texts.</summary>
    public string[] Cells() =>
    [
        $"{Cycle:0.#}",
        $"{Overlay.Joined}/{Overlay.Live}",
        $"{Overlay.MeanView:0.0}",
        $"{Overlay.InDegreeDeviation:0.00}",
        $"{Overlay.RandomDeviation:0.00}",
        $"{Overlay.Clustering:0.000}",
        $"{Overlay.Components}",
        $"{ExchangesPerSecond:0}",
        $"{BytesPerNodePerSecond:0}",
        $"{Overlay.DeadLinks}",
    ];
}
