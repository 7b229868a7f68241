using CsCheck;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.AntiEntropy.Sketch;
using Hearsay.Protocols.Tests.AntiEntropy.Sketch;

namespace Hearsay.Protocols.Tests.AntiEntropy.Rows;

public sealed class RowIndexTests
{
    private static readonly RowDigester s_digester = new(1, 2);

    [Fact]
    public void It_has_the_rows_that_are_there_however_they_came() =>
        Gen.Select(RowGenerators.Rows, Gen.Int[0, 2]).Array[0, 60].Sample(steps =>
        {
            var (index, model) = (Empty(), new Dictionary<RowClaim, RowEntry>());
            index.Expect(steps.Length);
            foreach (var (row, action) in steps)
            {
                // Few keys, so that some have several rows.
                var brief = row with { Path = RowPath.Of(row.Path.Bytes[..1]) };
                var entry = brief.ToEntry(s_digester.Of(brief));
                var other = model.Values.FirstOrDefault(one => one.Path.Equals(entry.Path));
                if (action == 2)
                {
                    Assert.Equal(model.Remove(entry.Claim), index.Remove(entry.Claim));
                }
                else if (model.TryAdd(entry.Claim, entry))
                {
                    if (action == 1 && index.TryReplace(other.Claim, entry))
                    {
                        model.Remove(other.Claim);
                    }
                    else
                    {
                        index.Add(entry);
                    }
                }
            }

            Same(model, index);
        });

    [Fact]
    public void A_row_is_replaced_only_by_one_of_its_path()
    {
        var (row, index) = (Row("k"u8, 1), Empty());
        index.Add(row);
        Assert.False(index.TryReplace(row.Claim, Row("other"u8, 2)));
        Assert.False(index.TryReplace(Row("k"u8, 3).Claim, Row("k"u8, 2)));
        Assert.True(index.TryReplace(row.Claim, Row("k"u8, 2)));
        Assert.False(index.TryFind(row.Claim, out _));
    }

    private static RowIndex Empty() => new(new SketchPrefix(SketchPair.Key, 64));

    private static RowEntry Row(ReadOnlySpan<byte> key, ulong sequence)
    {
        var dot = new Dot(new EpochId(new NodeId(1, 1), 1), sequence);
        var row = new MapRow(RowPath.Of(key), dot, RowKind.Register, 0, 0, true, default);
        return row.ToEntry(s_digester.Of(row));
    }

    private static void Same(Dictionary<RowClaim, RowEntry> model, RowIndex index)
    {
        var sketch = new SketchPrefix(SketchPair.Key, 64);
        var root = default(UInt128);
        foreach (var entry in model.Values)
        {
            sketch.Add(entry.Symbol);
            root = unchecked(root + entry.Digest);
            Assert.True(index.TryFind(entry.Claim, out var found) && found == entry);
            Assert.True(index.TryFind(entry.Symbol, out found) && found == entry);
            Assert.Contains(entry.Path, index.PathsOf(entry.Dot));
        }

        Assert.Equal((model.Count, root), (index.Count, index.Root));
        Assert.Equal(sketch.Cells.ToArray(), index.Sketch.Cells.ToArray());
        Assert.Equal(model.Values.ToHashSet(), index.All.ToHashSet());
        foreach (var key in model.Values.GroupBy(static entry => entry.Path))
        {
            Assert.Equal(key.ToHashSet(), index.OfKey(key.Key).ToArray().ToHashSet());
        }

        foreach (var dot in model.Values.GroupBy(static entry => entry.Dot))
        {
            Assert.Equal(dot.Count(), index.PathsOf(dot.Key).Count);
        }
    }
}
