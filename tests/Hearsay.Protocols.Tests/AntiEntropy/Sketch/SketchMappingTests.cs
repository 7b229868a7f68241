using System.Globalization;
using Hearsay.Protocols.AntiEntropy.Sketch;

namespace Hearsay.Protocols.Tests.AntiEntropy.Sketch;

public sealed class SketchMappingTests
{
    public static TheoryData<string, string> Vectors
    {
        get
        {
            using var stream = typeof(SketchMappingTests).Assembly.GetManifestResourceStream("riblt-indices.csv")!;
            using var reader = new StreamReader(stream);
            var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var data = new TheoryData<string, string>();
            foreach (var line in lines.Skip(1))
            {
                var (hash, indices) = (line.Split(',')[0], line.Split(',')[1].Trim());
                data.Add(hash, indices);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_cells_of_a_hash_are_those_of_the_reference_program(string hash, string indices)
    {
        var mapping = new SketchMapping(ulong.Parse(hash, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        var cells = new List<long>();
        for (var i = 0; i < 25; i++, mapping.MoveNext())
        {
            cells.Add(mapping.Index);
        }

        Assert.Equal(indices, string.Join(' ', cells));
    }

    [Fact]
    public void There_are_sixteen_vectors() => Assert.Equal(16, Vectors.Count);

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(ulong.MaxValue)]
    public void The_sequence_of_any_hash_ends_far_away_and_never_turns_back(ulong hash)
    {
        var mapping = new SketchMapping(hash);
        var last = 0L;
        for (var i = 0; i < 10_000; i++, last = mapping.Index)
        {
            mapping.MoveNext();
            Assert.True(mapping.Index >= last);
        }

        Assert.True(last > 1L << 40);
    }

    [Fact]
    public void Cell_i_holds_as_many_items_as_the_codec_expects()
    {
        const int Items = 100_000;
        var held = new int[64];
        var random = new SeededRandom(5);
        for (var item = 0; item < Items; item++)
        {
            for (var mapping = new SketchMapping(random.NextUInt64()); mapping.Index < held.Length;)
            {
                held[mapping.Index]++;
                mapping.MoveNext();
            }
        }

        foreach (var i in new[] { 0, 1, 2, 5, 20, 63 })
        {
            var expected = SketchCodec.ExpectedCount(Items, i);
            var deviation = Math.Sqrt(expected * (1 - (expected / (double)Items)));
            Assert.InRange(held[i], expected - (5 * deviation), expected + (5 * deviation) + 1);
            Assert.Equal(1 / (1 + (i / 2.0)), expected / (double)Items, 0.06);
        }
    }
}
