using CsCheck;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.Tests.AntiEntropy.Rows;

/// <summary>Arbitrary rows and events.</summary>
internal static class RowGenerators
{
    public static readonly Gen<Dot> Dots = Gen.Select(Gen.Int[1, 3], Gen.ULong[0, 2], Gen.ULong[1, 400]).Select(
        static (node, epoch, sequence) => new Dot(new EpochId(new NodeId(1, (ulong)node), epoch), sequence));

    public static readonly Gen<RowPath> Paths = Gen.Byte.Array[0, 6].Array[1, 3].Select(static parts =>
        parts.Skip(1).Aggregate(RowPath.Of(parts[0]), static (path, part) => path.Child(part)));

    public static readonly Gen<MapRow> Rows = Gen.Select(
        Paths, Dots, Gen.Select(Gen.Int[1, 5], Gen.ULong, Gen.Long[0, long.MaxValue]), Gen.Bool, Gen.Byte.Array[0, 200])
        .Select(static (path, dot, fields, isWhole, value) => new MapRow(
            path, dot, (RowKind)fields.Item1, fields.Item2, fields.Item3, isWhole, value));

    public static readonly Gen<EventEntry> Entries = Gen.Select(Rows, Gen.Bool, Gen.Bool, Dots.Array[0, 4]).Select(
        static (row, isScope, isRemoval, replaced) =>
            new EventEntry(row.Path, isScope, replaced, isRemoval ? null : row));

    public static readonly Gen<MapEvent> Events = Gen.Select(
        Dots, Entries.Array[0, 5], Gen.Select(Gen.ULong, Gen.ULong).Array[0, 3]).Select(
            static (dot, entries, closed) => new MapEvent(
                dot,
                [.. entries.Select(entry => entry with { Row = entry.Row is { } row ? row with { Dot = dot } : null })],
                [.. closed.Select(one => KeyValuePair.Create(
                    new EpochId(dot.Epoch.Node, one.Item1), one.Item2))]));

    public static void Same(MapRow? expected, MapRow? read)
    {
        Assert.Equal(expected?.Value.ToArray(), read?.Value.ToArray());
        Assert.Equal(expected is null ? null : expected with { Value = default },
            read is null ? null : read with { Value = default });
    }

    public static void Same(EventEntry expected, EventEntry read)
    {
        Same(expected.Row, read.Row);
        Assert.Equal((expected.Path, expected.IsScope), (read.Path, read.IsScope));
        Assert.Equal(expected.Replaced, read.Replaced);
    }
}
