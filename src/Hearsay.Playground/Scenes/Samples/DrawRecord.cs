using Hearsay.Playground.Recording;

namespace Hearsay.Playground.Scenes.Samples;

/// <summary>What is counted of draws: by whom, of whom, and how even that is.</summary>
internal sealed class DrawRecord
{
    /// <summary>In networks of more nodes pairs are not counted: a matrix would have too many.</summary>
    public const int MostNodes = 100;

    /// <summary>So many of a node's latest draws are looked at for repeats.</summary>
    private const int Recent = 5;

    private readonly Dictionary<int, Queue<int>> _recent = [];
    private readonly Dictionary<int, int> _drawn = [];
    private readonly Dictionary<int, (int Draws, int Fallbacks, bool LastWasFallback)> _own = [];
    private readonly Dictionary<(int From, int To), int> _pairs = [];
    private int _repeats;

    /// <summary>All draws.</summary>
    public int Draws { get; private set; }

    /// <summary>Those that gave a peer which the same sampler had given before.</summary>
    public int Fallbacks { get; private set; }

    /// <summary>A number that stands for all draws in their order.</summary>
    public ulong Hash { get; private set; }

    /// <summary>The share of fallbacks.</summary>
    public double FallbackShare => Fallbacks / (double)Math.Max(1, Draws);

    /// <summary>The share of draws of a peer that was among the node's latest.</summary>
    public double RepeatShare => _repeats / (double)Math.Max(1, Draws);

    /// <summary>A node drew another.</summary>
    public void Add(int from, int to, bool isFallback)
    {
        if (!_recent.TryGetValue(from, out var recent))
        {
            _recent[from] = recent = new();
        }

        var own = _own.GetValueOrDefault(from);
        _own[from] = (own.Draws + 1, own.Fallbacks + (isFallback ? 1 : 0), isFallback);
        Draws++;
        Fallbacks += isFallback ? 1 : 0;
        _repeats += recent.Contains(to) ? 1 : 0;
        _drawn[to] = _drawn.GetValueOrDefault(to) + 1;
        _pairs[(from, to)] = OfPair(from, to) + 1;
        Hash = SeededRandom.Mix(Hash ^ (((ulong)from << 32) | ((ulong)to << 1) | (isFallback ? 1UL : 0))) + 1;
        recent.Enqueue(to);
        if (recent.Count > Recent)
        {
            recent.Dequeue();
        }
    }

    /// <summary>What a node drew itself.</summary>
    public (int Draws, int Fallbacks, bool LastWasFallback) Own(int node) => _own.GetValueOrDefault(node);

    /// <summary>How often a node drew another.</summary>
    public int OfPair(int from, int to) => _pairs.GetValueOrDefault((from, to));

    /// <summary>How often a node was drawn, over the mean of all.</summary>
    public double OverMean(int node, int nodes) =>
        Draws == 0 ? 1 : _drawn.GetValueOrDefault(node) * (double)nodes / Draws;

    /// <summary>Pearson's χ² of the draws per node against an even share, over its degrees of freedom.</summary>
    public double ChiSquare(int nodes)
    {
        if (Draws == 0 || nodes < 2)
        {
            return double.NaN;
        }

        var expected = Draws / (double)nodes;
        var sum = 0.0;
        for (var node = 0; node < nodes; node++)
        {
            var apart = _drawn.GetValueOrDefault(node) - expected;
            sum += apart * apart / expected;
        }

        return sum / (nodes - 1);
    }

    /// <summary>A node's row of the matrix, two counts in a number.</summary>
    /// <returns>How many numbers.</returns>
    public int WriteRow(int from, int nodes, FrameWriter frame)
    {
        if (nodes > MostNodes)
        {
            return 0;
        }

        for (var to = 0; to < nodes; to += 2)
        {
            frame.Add(Math.Min(OfPair(from, to), ushort.MaxValue)
                | (Math.Min(OfPair(from, to + 1), ushort.MaxValue) << 16));
        }

        return (nodes + 1) / 2;
    }
}
