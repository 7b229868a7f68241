using Hearsay.Protocols.Aggregation.Sketches;

namespace Hearsay.Simulation.Aggregation;

/// <summary>
/// The k smallest hashes per node, with values, node after node; an exchange leaves both with the union's.
/// </summary>
internal readonly struct BottomKSketches(int rows, int k) : ISketches
{
    private readonly ulong[] _hashes = new ulong[rows * k];
    private readonly double[] _values = new double[rows * k];
    private readonly int[] _counts = new int[rows];
    private readonly ulong[] _mergedHashes = new ulong[k];
    private readonly double[] _mergedValues = new double[k];

    /// <summary>Adds an item at a node.</summary>
    public void Add(int node, ulong hash, double value) => _counts[node] = BottomK.Add(
        _hashes.AsSpan(node * k, k), _values.AsSpan(node * k, k), _counts[node], hash, value);

    /// <summary>The hashes of a node.</summary>
    public ReadOnlySpan<ulong> Hashes(int node) => _hashes.AsSpan(node * k, _counts[node]);

    /// <summary>The values of a node.</summary>
    public ReadOnlySpan<double> Values(int node) => _values.AsSpan(node * k, _counts[node]);

    public void Request(int node, int partner) => Merge(partner, node);

    public void Answer(int node, int partner) => Merge(node, partner);

    public bool AreSame(int one, int other) => Hashes(one).SequenceEqual(Hashes(other));

    public double Estimate(int row) => BottomK.Distinct(Hashes(row), k);

    private void Merge(int into, int from)
    {
        var count = BottomK.Merge(
            Hashes(into), Values(into), Hashes(from), Values(from), _mergedHashes, _mergedValues);
        _mergedHashes.AsSpan(0, count).CopyTo(_hashes.AsSpan(into * k));
        _mergedValues.AsSpan(0, count).CopyTo(_values.AsSpan(into * k));
        _counts[into] = count;
    }
}
