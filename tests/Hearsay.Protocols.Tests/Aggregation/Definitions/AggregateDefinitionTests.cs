using CsCheck;
using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Protocols.Tests.Aggregation.Definitions;

public sealed class AggregateDefinitionTests
{
    private static readonly AggregateDefinition[] Sound =
    [
        new("cpu", AggregateKind.Average),
        new("a/b.c_d-E9", AggregateKind.NetworkSize),
        new(new string('x', 64), AggregateKind.Sum) { Minimum = -1.5, Maximum = 2, Trimmed = true },
        new("items", AggregateKind.DistinctCount) { Precision = 14 },
        new("latency", AggregateKind.Quantiles) { Precision = 0.01 },
        new("latency", AggregateKind.Quantiles) { Precision = 0.005, Minimum = 0, Maximum = 1e6 },
        new("sizes", AggregateKind.Histogram) { Precision = 10, Minimum = 0, Maximum = 1 },
        new("bytes", AggregateKind.ExtremaSum) { Precision = 4096, Minimum = 0, Maximum = 1e9 },
        new("nodes", AggregateKind.ExtremaCount) { Precision = 8 },
        new("bytes", AggregateKind.Sample) { Precision = 1024, Minimum = -5, Maximum = 5 },
        new("cpu", AggregateKind.Variance) { Method = AggregateMethod.FlowUpdating, Minimum = 0, Maximum = 1 },
        new("cpu", AggregateKind.Count) { Method = AggregateMethod.PushSum },
        Tail, Tail with { Precision = null }, Tail with { Minimum = 0, Maximum = 1 },
    ];

    private static AggregateDefinition Tail => new("latency", AggregateKind.Quantile)
    {
        Method = AggregateMethod.Tournament, Quantile = 0.99, Precision = 0.01,
    };

    private static readonly AggregateDefinition[] Unsound =
    [
        new("", AggregateKind.Average),
        new("two words", AggregateKind.Average),
        new("grün", AggregateKind.Average),
        new(new string('x', 65), AggregateKind.Sum),
        new("x", (AggregateKind)99),
        new("x", AggregateKind.Sum) { Minimum = 1 },
        new("x", AggregateKind.Sum) { Minimum = 1, Maximum = 1 },
        new("x", AggregateKind.Sum) { Minimum = double.NaN, Maximum = 1 },
        new("x", AggregateKind.Sum) { Minimum = 0, Maximum = 1e101 },
        new("x", AggregateKind.Sum) { Precision = 1 },
        new("x", AggregateKind.DistinctCount) { Precision = 15 },
        new("x", AggregateKind.DistinctCount) { Precision = 4.5 },
        new("x", AggregateKind.Histogram),
        new("x", AggregateKind.Quantiles) { Precision = 0.005 },
        new("x", AggregateKind.ExtremaSum) { Precision = 7 },
        new("x", AggregateKind.ExtremaSum) { Minimum = -1, Maximum = 1 },
        new("x", AggregateKind.ExtremaCount) { Precision = 4097 },
        new("x", AggregateKind.Sample) { Precision = 1025 },
        new("x", AggregateKind.Sample) { Precision = 100.5 },
        new("x", AggregateKind.Max) { Method = AggregateMethod.FlowUpdating },
        new("x", AggregateKind.Average) { Method = AggregateMethod.Tournament },
        new("x", AggregateKind.Average) { Method = AggregateMethod.PushSum, Trimmed = true },
        new("x", AggregateKind.Average) { Method = (AggregateMethod)9 },
        new("x", AggregateKind.Average) { Quantile = 0.5 },
        Tail with { Quantile = null }, Tail with { Quantile = 1.1 }, Tail with { Quantile = double.NaN },
        Tail with { Method = AggregateMethod.PushPull }, Tail with { Trimmed = true }, Tail with { Precision = 0.3 },
    ];

    [Fact]
    public void A_definition_is_the_same_after_its_way_over_the_wire() => Assert.All(Sound, definition =>
    {
        Assert.Null(definition.Error);
        var bytes = new byte[AggregateDefinitionCodec.MaximumBytes];
        var writer = new WireWriter(bytes);
        AggregateDefinitionCodec.Write(ref writer, definition);
        Assert.False(writer.Failed);
        var reader = new WireReader(writer.Written);
        Assert.True(AggregateDefinitionCodec.TryRead(ref reader, out var read));
        Assert.Equal(definition, read);
        Assert.Equal(AggregateDefinitionCodec.IdOf(definition), AggregateDefinitionCodec.IdOf(read!));
    });

    [Fact]
    public void An_impossible_definition_is_refused_with_a_reason() => Assert.All(Unsound, definition =>
    {
        Assert.False(string.IsNullOrEmpty(definition.Error));
        Assert.Throws<ArgumentException>(definition.ThrowIfInvalid);
    });

    [Fact]
    public void Whatever_differs_makes_another_aggregate()
    {
        var one = new AggregateDefinition("cpu", AggregateKind.Average);
        var two = new AggregateDefinition("items", AggregateKind.DistinctCount);
        AggregateDefinition[] all =
        [
            one, one with { Name = "cpU" }, one with { Kind = AggregateKind.Sum }, one with { Trimmed = true },
            one with { Minimum = 0, Maximum = 1 }, one with { Minimum = 0, Maximum = 2 },
            two, two with { Precision = 9 }, one with { Method = AggregateMethod.PushSum },
            one with { Method = AggregateMethod.FlowUpdating }, Tail, Tail with { Quantile = 0.9 },
        ];
        Assert.Equal(all.Length, all.Select(AggregateDefinitionCodec.IdOf).Distinct().Count());
    }

    [Fact]
    public void Any_bytes_are_a_sound_definition_or_none() => Gen.Byte.Array[0, 100].Sample(bytes =>
    {
        var reader = new WireReader(bytes);
        Assert.True(!AggregateDefinitionCodec.TryRead(ref reader, out var read) || read!.Error is null);
    });
}
