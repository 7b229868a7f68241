using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Sketches;
using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Aggregation.States;

/// <summary>
/// How many different items there are: the registers of a HyperLogLog, merged by their maxima, so that nothing is
/// counted twice however often it comes. On the wire: all registers, six bits each; the answer is the merged state.
/// </summary>
/// <remarks>
/// The key of the hash follows from the definition. It keeps aggregates apart, not attackers out: a member can make the
/// count as large as it likes.
/// </remarks>
internal sealed class DistinctState : IAggregateState
{
    /// <summary>768 bytes, which fit a datagram, and an error of 3.3 %.</summary>
    public const int DefaultPrecision = 10;

    private readonly int _precision;
    private readonly byte[] _registers;
    private readonly byte[] _theirs;
    private readonly byte[] _packed;
    private readonly KeyedHash _hash;

    public DistinctState(AggregateDefinition definition)
    {
        _precision = (int)(definition.Precision ?? DefaultPrecision);
        var registers = HyperLogLog.RegisterCount(_precision);
        (_registers, _theirs) = (new byte[registers], new byte[registers]);
        _packed = new byte[HyperLogLog.PackedBytes(registers)];
        var id = AggregateDefinitionCodec.IdOf(definition);
        _hash = new KeyedHash(id, SeededRandom.Mix(id));
    }

    /// <inheritdoc/>
    public int MaximumBytes => _packed.Length;

    /// <inheritdoc/>
    public double Value => HyperLogLog.Estimate(_registers);

    /// <inheritdoc/>
    public double MethodError => Value * HyperLogLog.RelativeError(_registers.Length);

    /// <inheritdoc/>
    public bool IsBlank => !_registers.AsSpan().ContainsAnyExcept((byte)0);

    /// <inheritdoc/>
    public double Contributors => double.NaN;

    /// <summary>A union only grows: no limit.</summary>
    public double StepLimit { get; set; }

    /// <inheritdoc/>
    public void Clear() => _registers.AsSpan().Clear();

    /// <inheritdoc/>
    public bool TryContribute(in AggregateInput input)
    {
        foreach (var item in input.Items.Span)
        {
            HyperLogLog.Add(_registers, _hash.Of(item));
        }

        return true;
    }

    /// <inheritdoc/>
    public void WriteRequest(ref WireWriter writer)
    {
        HyperLogLog.Pack(_registers, _packed);
        writer.WriteBytes(_packed);
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
        if (!HyperLogLog.TryUnpack(answer, _theirs, _precision))
        {
            return false;
        }

        HyperLogLog.Merge(_registers, _theirs);
        return true;
    }
}
