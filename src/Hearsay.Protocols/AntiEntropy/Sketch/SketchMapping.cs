namespace Hearsay.Protocols.AntiEntropy.Sketch;

/// <summary>
/// The cells that an item is in: cell 0, then an endless increasing sequence that follows from the item's hash. Cell i
/// holds it with probability 8 (i + 1) / (2 i + 3)², which is about 1 / (1 + i/2).
/// </summary>
/// <remarks>
/// Yang, Gilad, Alizadeh, "Practical Rateless Set Reconciliation", SIGCOMM 2024 (arXiv 2402.02668), as the authors'
/// program computes it (yangl1996/riblt, 297bf35). The arithmetic is that of IEEE doubles and its rounding is part of
/// the wire format: both ends must come to the same cells. A mutable value; pass it by reference.
/// </remarks>
/// <param name="hash">The item's hash.</param>
internal struct SketchMapping(ulong hash)
{
    private const ulong Factor = 0xDA94_2042_E4DD_58B5;
    private const double TwoTo32 = 4_294_967_296.0;

    /// <summary>Below it a double and a whole number add up to the same.</summary>
    private const double Exact = 1L << 53;

    /// <summary>Beyond it no sketch has cells; there the sequence stands still.</summary>
    private const double Furthest = 1L << 62;

    private ulong _state = hash;

    /// <summary>The cell as a double, which saves the way there and back; exact below <see cref="Exact"/>.</summary>
    private double _place;

    /// <summary>The cell it stands at.</summary>
    public long Index { get; private set; }

    /// <summary>Goes on to the next cell.</summary>
    public void MoveNext()
    {
        _state *= Factor;
        var step = Math.Ceiling((_place + 1.5) * ((TwoTo32 / Math.Sqrt(_state + 1.0)) - 1));
        if (_place + step < Exact)
        {
            _place += step;
            Index = (long)_place;
        }
        else
        {
            Index = Index + step < Furthest ? Index + (long)step : (long)Furthest;
            _place = Index;
        }
    }
}
