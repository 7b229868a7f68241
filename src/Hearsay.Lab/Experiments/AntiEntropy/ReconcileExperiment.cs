using Hearsay.Lab.Contract;
using Hearsay.Protocols.AntiEntropy.Sketch;

namespace Hearsay.Lab.Experiments.AntiEntropy;

/// <summary>How many bytes and round trips it takes until one of two replicas knows what differs.</summary>
internal sealed class ReconcileExperiment : IExperiment
{
    /// <summary>A picture needs no more trials of each point than this.</summary>
    private const int TrialsOfPicture = 3;

    private static readonly string[] s_schemes = ["riblt", "context", "merkle", "full"];
    private static readonly int[] s_differences = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000];

    public string Name => "reconcile";

    public string Summary => "Bytes until one of two replicas knows what differs: sketch, contexts, tree, everything.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        LabOption.Choice("--scheme", "riblt: rateless sketch; context: dots of 100 writers; merkle: 32,768 leaves; "
            + "full: all ids.", "riblt", s_schemes),
        LabOption.Whole("--items", "N: keys in all.", 1, 10_000_000, 1_000_000),
        LabOption.Whole("--difference", "D: keys that only one side has, half of them on each.", 0, 1_000_000, 1_000),
        LabOption.Choice("--id-bytes", "The width of an id in bytes.", "8", "8", "16", "32"),
        LabOption.Choice("--check-bytes", "The width of a cell's check in bytes.", "8", "4", "8"),
        LabOption.Whole("--cells", "M: cells of the sketch that are kept up to date.", 64, SketchPrefix.MostCells,
            SketchPrefix.DefaultCells),
        LabOption.Whole("--trials", "Trials, each with other keys missing.", 1, 100_000, 20),
        LabOption.Seed, CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var (items, difference) = (parameters.Whole("--items"), parameters.Whole("--difference"));
        if (difference > items)
        {
            throw new LabUsageException($"--difference must be at most --items = {items}, not {difference}.");
        }

        var symbols = ReconcileCase.SymbolsOf(items, parameters.Seed);
        var schemes = s_schemes.ToDictionary(name => name, name => Create(name, symbols, parameters));
        var trials = LabWork.Map([.. Enumerable.Range(0, parameters.Whole("--trials"))], parameters, progress,
            (trial, step) =>
            {
                var cost = schemes[parameters.Choice("--scheme")].Run(
                    ReconcileCase.Of(symbols, difference, trial, parameters.Seed));
                step();
                return cost;
            });
        var summary = SummaryOf(trials, difference, parameters);
        Row[] rows =
        [
            .. from scheme in s_schemes
               from drawn in s_differences
               where drawn <= items
               select RowOf(scheme, drawn, Enumerable.Range(0, Math.Min(TrialsOfPicture, trials.Length))
                   .Select(trial => schemes[scheme].Run(ReconcileCase.Of(symbols, drawn, trial, parameters.Seed)))),
        ];
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = summary,
            Results = rows,
            Claims = [.. ReconcileClaims.Of(parameters, summary)],
            Figures = [ReconcileFigure.Of(parameters, rows)],
        };
    }

    private static int Bytes(LabParameters parameters, string option) =>
        int.Parse(parameters.Choice(option), System.Globalization.CultureInfo.InvariantCulture);

    private static IReconcileScheme Create(string name, ulong[] symbols, LabParameters parameters)
    {
        var idBytes = Bytes(parameters, "--id-bytes");
        return name switch
        {
            "riblt" => new RibltScheme(
                symbols, idBytes, Bytes(parameters, "--check-bytes"), parameters.Whole("--cells"), parameters.Seed),
            "context" => new ContextScheme(parameters.Seed),
            "merkle" => new MerkleScheme(symbols, idBytes),
            _ => new FullScheme(idBytes),
        };
    }

    private static Row SummaryOf(ReconcileCost[] trials, int difference, LabParameters parameters)
    {
        double[] overheads =
        [
            .. trials.Where(trial => trial.Cells is not null && difference > 0)
                .Select(trial => (double)trial.Cells!.Value / difference).Order(),
        ];
        double[] bytes = [.. trials.Select(trial => (double)trial.Bytes).Order()];
        double[] decoding =
            [.. trials.Where(trial => trial.DecodeMs is not null).Select(trial => trial.DecodeMs!.Value)];
        return new Row
        {
            { "bytes", bytes.Average() }, { "bytesP99", NinetyNine(bytes) },
            { "pullBytes", (double)((difference + 1) / 2) * Bytes(parameters, "--id-bytes") },
            { "roundTrips", trials.Average(trial => trial.RoundTrips) },
            { "cellsPerDifference", overheads.Length == 0 ? null : overheads.Average() },
            { "cellsPerDifferenceP99", overheads.Length == 0 ? null : NinetyNine(overheads) },
            // The fastest trial: the first ones run while the code is still being compiled.
            { "decodeMs", decoding.Length == 0 ? null : decoding.Min() },
            { "falseTransfers", trials.Average(trial => (double)trial.FalseTransfers) },
            { "complete", trials.Count(trial => trial.IsComplete) / (double)trials.Length },
        };
    }

    private static double NinetyNine(double[] ascending) => ascending[(int)Math.Ceiling(0.99 * ascending.Length) - 1];

    private static Row RowOf(string scheme, int difference, IEnumerable<ReconcileCost> trials)
    {
        var costs = trials.ToArray();
        return new Row
        {
            { "scheme", scheme }, { "difference", difference },
            { "bytes", costs.Average(cost => cost.Bytes) },
            { "roundTrips", costs.Average(cost => cost.RoundTrips) },
            { "falseTransfers", costs.Average(cost => (double)cost.FalseTransfers) },
            { "complete", costs.Count(cost => cost.IsComplete) / (double)costs.Length },
        };
    }
}
