using System.Runtime.InteropServices;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Sketches;

namespace Hearsay.Protocols.Aggregation.States;

/// <summary>
/// A sum or a count that survives lost and repeated messages: the pointwise minima of everybody's exponential draws
/// (<see cref="ExtremaKernel"/>). On the wire: 1 byte (1 if somebody gave a value), then the minima, of each the upper
/// four bytes of the number; the answer is the merged state.
/// </summary>
/// <remarks>
/// Draws keep those four bytes from the start, six digits, so that all nodes hold the same minima to the last bit. A
/// member can claim smaller minima and make the sum as large as the bounds allow for 10¹² nodes.
/// </remarks>
internal sealed class ExtremaState : IAggregateState
{
    /// <summary>769 bytes, which fit a datagram, and an error of 7.3 %.</summary>
    public const int DefaultMinima = 192;

    /// <summary>More nodes than any network has: what says that there are more is refused.</summary>
    private const double MostNodes = 1e12;

    /// <summary>The upper half of a number: sign, exponent and 20 bits.</summary>
    private const ulong KeptBits = 0xFFFF_FFFF_0000_0000;

    private readonly double[] _minima;
    private readonly double[] _theirs;
    private readonly bool _counts;
    private readonly double _low;
    private readonly double _high;
    private readonly double _leastMinimum;
    private bool _isKnown;

    public ExtremaState(AggregateDefinition definition)
    {
        var minima = (int)(definition.Precision ?? DefaultMinima);
        (_minima, _theirs) = (new double[minima], new double[minima]);
        _counts = definition.Kind == AggregateKind.ExtremaCount;
        _low = definition.Minimum ?? 0;
        _high = _counts ? 1 : definition.Maximum ?? AggregateDefinition.MaximumMagnitude;
        _leastMinimum = Kept(ExtremaKernel.LeastDraw / _high);
        Clear();
    }

    /// <inheritdoc/>
    public int MaximumBytes => 1 + (sizeof(uint) * _minima.Length);

    /// <inheritdoc/>
    public double Value => _isKnown ? ExtremaKernel.Estimate(_minima) : double.NaN;

    /// <inheritdoc/>
    public double MethodError => Value * ExtremaKernel.RelativeError(_minima.Length);

    /// <inheritdoc/>
    public bool IsBlank => !_isKnown;

    /// <inheritdoc/>
    public double Contributors => double.NaN;

    /// <summary>Minima may be anywhere: no limit.</summary>
    public double StepLimit { get; set; }

    /// <summary>The minima as they stand.</summary>
    public ReadOnlySpan<double> Minima => _minima;

    /// <inheritdoc/>
    public void Clear()
    {
        _isKnown = false;
        ExtremaKernel.Clear(_minima);
    }

    /// <summary>
    /// Draws for this node's value, which must not be below zero. The draws follow from the input's seed, so that
    /// giving the same value again changes nothing.
    /// </summary>
    public bool TryContribute(in AggregateInput input)
    {
        if (!(input.Value >= 0 && input.Value <= AggregateDefinition.MaximumMagnitude))
        {
            return false;
        }

        _isKnown = true;
        var value = _counts ? (input.Value > 0 ? 1 : 0) : Math.Clamp(input.Value, _low, _high);
        // Smaller ones have draws that are no numbers any more, and add nothing to any sum.
        if (value >= 1 / AggregateDefinition.MaximumMagnitude)
        {
            Draw(value, input.Seed);
        }

        return true;
    }

    /// <inheritdoc/>
    public void WriteRequest(ref WireWriter writer)
    {
        writer.WriteByte(_isKnown ? (byte)1 : (byte)0);
        foreach (var minimum in _minima)
        {
            writer.WriteUInt32((uint)(BitConverter.DoubleToUInt64Bits(minimum) >> 32));
        }
    }

    /// <inheritdoc/>
    public bool TryAnswer(ReadOnlySpan<byte> request, ref WireWriter answer)
    {
        if (answer.Room < MaximumBytes || !TryApply(request))
        {
            return false;
        }

        WriteRequest(ref answer);
        return true;
    }

    /// <summary>A union may be repeated, so a look is one too.</summary>
    public bool TryCopy(ReadOnlySpan<byte> state) => TryApply(state);

    /// <inheritdoc/>
    public bool TryApply(ReadOnlySpan<byte> answer)
    {
        var reader = new WireReader(answer);
        var known = reader.ReadByte();
        foreach (ref var minimum in _theirs.AsSpan())
        {
            minimum = BitConverter.UInt64BitsToDouble((ulong)reader.ReadUInt32() << 32);
        }

        if (answer.Length != MaximumBytes || known > 1 || !CanBeDrawn(_theirs))
        {
            return false;
        }

        _isKnown |= known == 1 || double.IsFinite(_theirs[0]);
        ExtremaKernel.Merge(_minima.AsSpan(), _theirs);
        return true;
    }

    private void Draw(double value, ulong seed)
    {
        var random = new SeededRandom(seed);
        ExtremaKernel.Draw(_theirs, value, ref random);
        foreach (ref var draw in MemoryMarshal.Cast<double, ulong>(_theirs.AsSpan()))
        {
            draw &= KeptBits;
        }

        ExtremaKernel.Merge(_minima.AsSpan(), _theirs);
    }

    /// <summary>
    /// No single one is below what the generator can give, and together they are not the draws of more nodes than there
    /// are anywhere.
    /// </summary>
    private bool CanBeDrawn(ReadOnlySpan<double> minima) =>
        ExtremaKernel.AreValid(minima, _leastMinimum) && ExtremaKernel.Estimate(minima) <= _high * MostNodes;

    private static double Kept(double value) =>
        BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(value) & KeptBits);
}
