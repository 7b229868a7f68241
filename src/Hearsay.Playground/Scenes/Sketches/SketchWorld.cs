using Hearsay.Playground.Contract;
using Hearsay.Playground.Recording;
using Hearsay.Playground.Worlds;
using Hearsay.Protocols.AntiEntropy.Sketch;

namespace Hearsay.Playground.Scenes.Sketches;

/// <summary>
/// A sketch that comes cell by cell. Each cell is carried by a node that knows nobody: while it does not run, its cell
/// does not come, and the decoder, which takes cells in order, waits.
/// </summary>
internal sealed class SketchWorld : World
{
    private static readonly TimeSpan IsFreshFor = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan LooksAgain = TimeSpan.FromMilliseconds(100);

    private readonly SketchCell[] _theirs;
    private readonly SketchSnapshot _mine;
    private readonly SketchDecoder _decoder;
    private readonly List<ulong>[] _held;
    private readonly Dictionary<ulong, Instant> _found = [];
    private readonly Dictionary<int, Instant> _gave = [];
    private readonly SketchKey _key;
    private readonly int _differences;

    /// <summary>Two sets and their sketches; nothing was sent yet.</summary>
    public SketchWorld(KnobValues knobs, ulong seed)
        : base(knobs, seed, knobs.Whole("nodes"), TimeSpan.Zero)
    {
        var cells = knobs.Whole("nodes");
        var random = SeededRandom.For(seed, 0, 0, 0x5E7);
        _key = new SketchKey(random.NextUInt64(), random.NextUInt64());
        var (mine, theirs) = (new SketchPrefix(_key, cells), new SketchPrefix(_key, cells));
        for (var i = 0; i < knobs.Whole("entries"); i++)
        {
            var entry = random.NextUInt64();
            mine.Add(entry);
            theirs.Add(entry);
        }

        _differences = knobs.Whole("differ");
        _held = [.. Enumerable.Range(0, cells).Select(static _ => new List<ulong>())];
        for (var i = 0; i < _differences; i++)
        {
            var entry = random.NextUInt64();
            (i % 2 == 0 ? mine : theirs).Add(entry);
            foreach (var cell in CellsOf(entry, cells))
            {
                _held[cell].Add(entry);
            }
        }

        _theirs = theirs.Cells.ToArray();
        _mine = mine.Snapshot();
        _decoder = new SketchDecoder(_mine, _key, sizeof(ulong), cells);
    }

    /// <inheritdoc/>
    public override void Join() => Network.Add(PeerSamplingOptions.Recommended.WithViewSize(4), []);

    /// <inheritdoc/>
    public override void WriteValues(int node, FrameWriter frame)
    {
        var (came, left) = (node < _decoder.Taken, LeftIn(node));
        var isFresh = _gave.TryGetValue(node, out var at) && Now - at < IsFreshFor;
        frame.Add(!came ? 0.0 : isFresh || left == 1 ? 1.0 : left > 0 ? 2.0 : 3.0);
        frame.Add(came ? left : double.NaN);
        frame.Add(came ? (double)HeldBy(node).Count : double.NaN);
    }

    /// <inheritdoc/>
    public override int WriteLinks(int node, FrameWriter frame)
    {
        var count = 0;
        foreach (var entry in node < _decoder.Taken ? HeldBy(node) : [])
        {
            var isFound = _found.TryGetValue(entry, out var at);
            var next = CellsOf(entry, _held.Length).FirstOrDefault(cell => cell > node);
            if (next > node && next < _decoder.Taken && !(isFound && Now - at >= IsFreshFor))
            {
                frame.Add(next | (isFound ? 1 << 16 : 0));
                count++;
            }
        }

        return count;
    }

    /// <inheritdoc/>
    public override void WriteMetrics(FrameWriter frame)
    {
        var solved = Enumerable.Range(0, _decoder.Taken).Count(cell => LeftIn(cell) == 0);
        frame.Add(100.0 * _found.Count / _differences);
        frame.Add((double)_decoder.Taken);
        frame.Add((double)solved);
        frame.Add((double)_decoder.Taken / _differences);
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, string Value)> Describe(int node)
    {
        if (node >= _decoder.Taken)
        {
            return [("cell", "has not come yet")];
        }

        var cell = _mine.Cells[node];
        return
        [
            ("sum", $"{cell.Sum:x16}"), ("check", $"{cell.Check:x16}"), ("count, theirs minus mine", $"{cell.Count}"),
            ("only theirs so far", $"{_decoder.OnlyTheirs.Count}"), ("only mine so far", $"{_decoder.OnlyMine.Count}"),
            ("progress", $"{_decoder.Progress}"),
        ];
    }

    /// <inheritdoc/>
    protected override void OnBegin() => PlanCell(Instant.Zero + Knobs.Milliseconds("every"));

    private void PlanCell(Instant at) => Plan(at, () =>
    {
        if (_decoder.Progress != SketchProgress.NeedsCells)
        {
            return;
        }

        if (!Network.Nodes[_decoder.Taken].IsUp)
        {
            PlanCell(at + LooksAgain);
            return;
        }

        _decoder.Take(_theirs[_decoder.Taken]);
        NoteFound(_decoder.OnlyTheirs);
        NoteFound(_decoder.OnlyMine);
        CheckCells();
        PlanCell(at + Knobs.Milliseconds("every"));
    });

    private void NoteFound(IReadOnlyList<ulong> entries)
    {
        foreach (var entry in entries)
        {
            if (_found.TryAdd(entry, Now))
            {
                foreach (var cell in CellsOf(entry, _decoder.Taken))
                {
                    _gave[cell] = Now;
                }
            }
        }
    }

    /// <summary>What is drawn of a cell must be what the decoder's cell holds.</summary>
    private void CheckCells()
    {
        for (var cell = 0; cell < _decoder.Taken; cell++)
        {
            var sum = HeldBy(cell).Where(entry => !_found.ContainsKey(entry)).Aggregate(0UL, static (a, b) => a ^ b);
            if (sum != _mine.Cells[cell].Sum)
            {
                Recorder.Note("cells", $"cell {cell} holds something else than the entries that were not found");
            }
        }
    }

    private List<ulong> HeldBy(int cell) => cell < _held.Length ? _held[cell] : [];

    private int LeftIn(int cell) => HeldBy(cell).Count(entry => !_found.ContainsKey(entry));

    private IEnumerable<int> CellsOf(ulong entry, int cells)
    {
        for (var mapping = new SketchMapping(_key.HashOf(entry)); mapping.Index < cells; mapping.MoveNext())
        {
            yield return (int)mapping.Index;
        }
    }
}
