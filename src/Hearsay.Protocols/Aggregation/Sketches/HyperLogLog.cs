using System.Numerics;

namespace Hearsay.Protocols.Aggregation.Sketches;

/// <summary>
/// How many distinct items there are, in m = 2^p registers of a byte each (Flajolet, Fusy, Gandouet, Meunier, AofA
/// 2007). Merging is the pointwise maximum, so loss, doubles and reordering do no harm: a register only grows.
/// </summary>
/// <remarks>
/// The relative standard error is 1.04/√m. The estimate is Ertl's ("New cardinality estimation algorithms for
/// HyperLogLog sketches", arXiv 1702.01284), which needs no correction at either end. Pure functions on the caller's
/// spans; nothing allocates.
/// </remarks>
internal static class HyperLogLog
{
    /// <summary>The least precision: 16 registers, an error of 26 %.</summary>
    public const int LeastPrecision = 4;

    /// <summary>The greatest precision: 65,536 registers, an error of 0.4 %.</summary>
    public const int GreatestPrecision = 16;

    /// <summary>Registers are packed four to three bytes, six bits each.</summary>
    private const int GroupRegisters = 4;
    private const int GroupBytes = 3;
    private const int RegisterMask = 0x3F;

    /// <summary>The registers of a precision.</summary>
    public static int RegisterCount(int precision) => 1 << precision;

    /// <summary>The relative standard error of an estimate from so many registers.</summary>
    public static double RelativeError(int registers) => 1.04 / Math.Sqrt(registers);

    /// <summary>Whether a number of registers is 2^p with p from 4 to 16.</summary>
    public static bool IsRegisterCount(int registers) => BitOperations.IsPow2(registers)
        && registers >= 1 << LeastPrecision && registers <= 1 << GreatestPrecision;

    /// <summary>Adds an item by its keyed hash; again and again is the same as once.</summary>
    public static void Add(Span<byte> registers, ulong hash)
    {
        var precision = BitOperations.Log2((uint)registers.Length);
        var index = (int)(hash >> (64 - precision));

        // The bit behind the hash ends the count of zeros at 64 - p + 1.
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << precision) | (1UL << (precision - 1))) + 1);
        registers[index] = Math.Max(registers[index], rank);
    }

    /// <summary>The union of two sets, into the first.</summary>
    /// <returns>Whether the first learned something.</returns>
    public static bool Merge(Span<byte> registers, ReadOnlySpan<byte> others)
    {
        var (i, grew) = (0, Vector<byte>.Zero);
        for (; i <= registers.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            var own = new Vector<byte>(registers[i..]);
            var larger = Vector.Max(own, new Vector<byte>(others[i..]));
            grew |= own ^ larger;
            larger.CopyTo(registers[i..]);
        }

        var learned = grew != Vector<byte>.Zero;
        for (; i < registers.Length; i++)
        {
            learned |= others[i] > registers[i];
            registers[i] = Math.Max(registers[i], others[i]);
        }

        return learned;
    }

    /// <summary>How many distinct items were added.</summary>
    public static double Estimate(ReadOnlySpan<byte> registers)
    {
        Span<int> histogram = stackalloc int[RegisterMask + 1];
        foreach (var register in registers)
        {
            histogram[register & RegisterMask]++;
        }

        double count = registers.Length;
        var most = 64 - BitOperations.Log2((uint)registers.Length);
        var sum = count * Tau(1 - (histogram[most + 1] / count));
        for (var rank = most; rank >= 1; rank--)
        {
            sum = 0.5 * (sum + histogram[rank]);
        }

        sum += count * Sigma(histogram[0] / count);
        return count * count / (2 * Math.Log(2) * sum);
    }

    /// <summary>Bytes that so many registers, a multiple of four, take when packed.</summary>
    public static int PackedBytes(int registers) => registers / GroupRegisters * GroupBytes;

    /// <summary>Writes registers at six bits each; a part of a sketch, a multiple of four, may travel alone.</summary>
    public static void Pack(ReadOnlySpan<byte> registers, Span<byte> packed)
    {
        for (; registers.Length >= GroupRegisters; registers = registers[GroupRegisters..])
        {
            var group = registers[0] | (registers[1] << 6) | (registers[2] << 12) | (registers[3] << 18);
            (packed[0], packed[1], packed[2]) = ((byte)group, (byte)(group >> 8), (byte)(group >> 16));
            packed = packed[GroupBytes..];
        }
    }

    /// <summary>Reads registers that came over a network.</summary>
    /// <param name="packed">What came.</param>
    /// <param name="registers">A part of a sketch, a multiple of four.</param>
    /// <param name="precision">Of the whole sketch: it limits what a register can be.</param>
    /// <returns>Whether it was a sketch; otherwise the registers are cleared.</returns>
    public static bool TryUnpack(ReadOnlySpan<byte> packed, Span<byte> registers, int precision)
    {
        var valid = registers.Length % GroupRegisters == 0 && packed.Length == PackedBytes(registers.Length);
        for (var i = 0; valid && i < registers.Length; i++)
        {
            var bits = packed[(i / GroupRegisters * GroupBytes)..];
            var group = bits[0] | (bits[1] << 8) | (bits[2] << 16);
            registers[i] = (byte)((group >> (6 * (i % GroupRegisters))) & RegisterMask);
            valid = registers[i] <= 64 - precision + 1;
        }

        if (!valid)
        {
            registers.Clear();
        }

        return valid;
    }

    /// <summary>x + Σ x^(2^k) 2^(k-1): what empty registers stand for.</summary>
    private static double Sigma(double share)
    {
        if (share >= 1)
        {
            return double.PositiveInfinity;
        }

        var (sum, weight, before) = (share, 1.0, double.NaN);
        while (sum != before)
        {
            share *= share;
            before = sum;
            sum += share * weight;
            weight += weight;
        }

        return sum;
    }

    /// <summary>(1 - x - Σ (1 - x^(2^-k))² 2^-k) / 3: what full registers stand for.</summary>
    private static double Tau(double share)
    {
        if (share is <= 0 or >= 1)
        {
            return 0;
        }

        var (sum, weight, before) = (1 - share, 1.0, double.NaN);
        while (sum != before)
        {
            share = Math.Sqrt(share);
            before = sum;
            weight *= 0.5;
            sum -= (1 - share) * (1 - share) * weight;
        }

        return sum / 3;
    }
}
