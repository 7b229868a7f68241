namespace Hearsay.Lab.Experiments.AntiEntropy;

/// <summary>Bytes over difference for all schemes.</summary>
internal static class ReconcileFigure
{
    private static readonly (string Scheme, string Label)[] s_labels =
    [
        ("riblt", "rateless sketch"), ("context", "contexts, 100 writers"), ("merkle", "Merkle tree, 32,768 leaves"),
        ("full", "all ids"),
    ];

    /// <summary>The figure of a run. What did not find the difference is left out.</summary>
    public static LineFigure Of(LabParameters parameters, IReadOnlyList<Row> rows) => new(
        "reconcile", $"Until one side knows what differs: {parameters.Whole("--items"):N0} keys, "
        + $"ids of {parameters.Choice("--id-bytes")} bytes, checks of {parameters.Choice("--check-bytes")}",
        "keys that differ", "bytes, both directions, without payload",
        [
            .. s_labels.Select(scheme => new Curve(scheme.Label,
            [
                .. rows.Where(row => (string)row["scheme"]! == scheme.Scheme && row.Number("complete") >= 1)
                    .Select(row => (row.Number("difference"), row.Number("bytes"))),
            ])),
            new Curve("lower bound (ids of 8 bytes)",
            [
                .. rows.Where(row => (string)row["scheme"]! == "full").Select(row => row.Number("difference"))
                    .Select(drawn => (drawn, ReconcileClaims.LowerBound((int)drawn))),
            ]) { IsLaw = true },
        ])
    { LogHorizontal = true, LogVertical = true };
}
