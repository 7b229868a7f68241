using Hearsay.Protocols.AntiEntropy.Sketch;

namespace Hearsay.Protocols.Tests.AntiEntropy.Sketch;

/// <summary>Two sets and their sketches, and the decoding of the one by the other.</summary>
internal sealed class SketchPair
{
    public static readonly SketchKey Key = new(0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210);

    public SketchPair(int cells = 4096) => (Mine, Theirs) = (new(Key, cells), new(Key, cells));

    public SketchPrefix Mine { get; }

    public SketchPrefix Theirs { get; }

    /// <summary>Puts so many symbols into both, and then a difference of so many, split both ways.</summary>
    public static SketchPair Random(ulong seed, int common, int difference, int cells = 4096)
    {
        var (pair, random) = (new SketchPair(cells), new SeededRandom(seed));
        for (var i = 0; i < common; i++)
        {
            var symbol = random.NextUInt64();
            pair.Mine.Add(symbol);
            pair.Theirs.Add(symbol);
        }

        for (var i = 0; i < difference; i++)
        {
            (i % 2 == 0 ? pair.Mine : pair.Theirs).Add(random.NextUInt64());
        }

        return pair;
    }

    /// <summary>Decodes with one cell after the other.</summary>
    public SketchDecoder Decode(int checkBytes = 8, int mostCells = int.MaxValue)
    {
        var decoder = new SketchDecoder(Mine.Snapshot(), Key, checkBytes, mostCells);
        foreach (var cell in Theirs.Cells)
        {
            var sent = checkBytes == 8 ? cell : cell with { Check = (uint)cell.Check };
            if (decoder.Take(sent) != SketchProgress.NeedsCells)
            {
                break;
            }
        }

        return decoder;
    }
}
