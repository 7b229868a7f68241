namespace Hearsay.Protocols.Aggregation.Sketches;

/// <summary>
/// A histogram whose buckets grow by γ = (1 + α)/(1 - α), so that every quantile has a relative error of at most α
/// (Masson, Rim, Lee, "DDSketch", PVLDB 12(12) 2019). A node's vector is 1 in its value's bucket; averaged over the
/// network, the vector is the histogram in shares of all values.
/// </summary>
/// <remarks>
/// Counts add, and adding is not idempotent: average vectors, never merge them again and again. Bucket i of a sign
/// holds (least γ^(i-1), least γ^i]; what is below the least goes to the bucket of zero, what is above the greatest to
/// the last one. The layout is fixed, so all nodes must have the same. Immutable; thread safe.
/// </remarks>
internal sealed class DDSketch
{
    /// <summary>Buckets of one sign at most.</summary>
    public const int GreatestBuckets = 8_192;

    /// <summary>
    /// A rank that is short by this share of all values counts as reached. Averaging leaves a tenth of it after 25
    /// cycles, and so do numbers of four bytes on the wire; without it, a quantile that falls between two values would
    /// be the upper one at some nodes.
    /// </summary>
    private const double RankTolerance = 1e-6;

    private readonly double _gamma;
    private readonly double _logGamma;

    /// <summary>A layout.</summary>
    /// <param name="accuracy">α, the relative error of a quantile. From 0.0001 to 0.5.</param>
    /// <param name="buckets">Buckets of one sign, from 1 to 8,192; 2,048 at 1 % span 17 powers of ten.</param>
    /// <param name="least">The smallest magnitude told from zero, above 0.</param>
    /// <param name="signed">Whether there are negative values: twice the buckets.</param>
    public DDSketch(double accuracy, int buckets, double least, bool signed)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(accuracy is >= 0.0001 and <= 0.5, true, nameof(accuracy));
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(buckets, GreatestBuckets);
        ArgumentOutOfRangeException.ThrowIfNotEqual(least > 0 && double.IsFinite(least), true, nameof(least));
        (Accuracy, Buckets, Least, IsSigned) = (accuracy, buckets, least, signed);
        _gamma = (1 + accuracy) / (1 - accuracy);
        _logGamma = Math.Log(_gamma);
    }

    /// <summary>α.</summary>
    public double Accuracy { get; }

    /// <summary>Buckets of one sign.</summary>
    public int Buckets { get; }

    /// <summary>The smallest magnitude told from zero.</summary>
    public double Least { get; }

    /// <summary>Whether there are buckets of negative values.</summary>
    public bool IsSigned { get; }

    /// <summary>
    /// Elements of the vector: the negative buckets, the greatest magnitude first; zero; the positive.
    /// </summary>
    public int Length => Zero + 1 + Buckets;

    /// <summary>The largest magnitude that keeps its accuracy.</summary>
    public double Greatest => Least * Math.Pow(_gamma, Buckets - 1);

    /// <summary>The element of what is below <see cref="Least"/>.</summary>
    public int Zero => IsSigned ? Buckets : 0;

    /// <summary>
    /// The element of the vector that a value belongs to. Without negative buckets, less than 0 is 0.
    /// </summary>
    /// <param name="value">Not a NaN; infinities are the outermost buckets.</param>
    public int IndexOf(double value)
    {
        var magnitude = Math.Abs(value);
        if (magnitude < Least || (value < 0 && !IsSigned))
        {
            return Zero;
        }

        var bucket = (int)Math.Min(Math.Max(Math.Ceiling(Math.Log(magnitude / Least) / _logGamma), 0), Buckets - 1);
        return value > 0 ? Zero + 1 + bucket : Zero - 1 - bucket;
    }

    /// <summary>The value that stands for an element: within α of all in its bucket.</summary>
    public double ValueAt(int index)
    {
        var bucket = Math.Abs(index - Zero) - 1;
        var magnitude = bucket < 0 ? 0 : Least * 2 * Math.Pow(_gamma, bucket) / (_gamma + 1);
        return index < Zero ? -magnitude : magnitude;
    }

    /// <summary>A quantile of the values behind a vector.</summary>
    /// <param name="shares">The averaged vector, or any multiple of it. What is not above 0 counts as 0.</param>
    /// <param name="quantile">From 0 to 1.</param>
    /// <returns>The value of that rank; not a number if the vector is empty.</returns>
    public double Quantile(ReadOnlySpan<double> shares, double quantile)
    {
        var index = IndexOfQuantile(shares, quantile);
        return index < 0 ? double.NaN : ValueAt(index);
    }

    /// <summary>The element of the vector that a rank falls into.</summary>
    /// <param name="shares">The averaged vector, or any multiple of it. What is not above 0 counts as 0.</param>
    /// <param name="quantile">From 0 to 1.</param>
    /// <returns>-1 if the vector is empty.</returns>
    public static int IndexOfQuantile(ReadOnlySpan<double> shares, double quantile)
    {
        var total = 0.0;
        foreach (var share in shares)
        {
            total += share > 0 ? share : 0;
        }

        var (wanted, sum, last) = ((quantile - RankTolerance) * total, 0.0, -1);
        for (var i = 0; i < shares.Length; i++)
        {
            if (shares[i] > 0)
            {
                (sum, last) = (sum + shares[i], i);
                if (sum >= wanted)
                {
                    break;
                }
            }
        }

        return last;
    }
}
