using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Hearsay.Learning.Kernels;
using Hearsay.Protocols;

namespace Hearsay.Learning.Models;

/// <summary>
/// How parameters are written. 32 bits: as they are, big-endian. 16 and 8 bits: in blocks of 64, each with the largest
/// magnitude of the block as its scale, and every parameter as a signed share of it, rounded up or down at random so
/// that the mean of many copies is the parameter itself.
/// </summary>
internal static class ParameterCodec
{
    private const int BlockLength = 64;

    /// <summary>How many bytes so many parameters take.</summary>
    public static int SizeBytes(int count, int bits) =>
        (count * (bits / 8)) + (bits == 32 ? 0 : (count + BlockLength - 1) / BlockLength * sizeof(float));

    /// <summary>Writes parameters.</summary>
    public static void Write(ReadOnlySpan<float> parameters, int bits, Span<byte> destination, ref SeededRandom random)
    {
        if (bits == 32)
        {
            Swap(MemoryMarshal.Cast<float, int>(parameters), MemoryMarshal.Cast<byte, int>(destination));
            return;
        }

        var largest = (1 << (bits - 1)) - 1;
        while (!parameters.IsEmpty)
        {
            var block = parameters[..Math.Min(BlockLength, parameters.Length)];
            var scale = TensorPrimitives.MaxMagnitude(block);
            scale = Math.Abs(scale);
            BinaryPrimitives.WriteSingleBigEndian(destination, scale);
            destination = destination[sizeof(float)..];
            var factor = scale > 0 ? largest / (double)scale : 0;
            foreach (var parameter in block)
            {
                var exact = parameter * factor;
                var level = Math.Floor(exact);
                level = random.NextDouble() < exact - level ? level + 1 : level;
                destination = Put(destination, (int)Math.Clamp(level, -largest, largest), bits);
            }

            parameters = parameters[block.Length..];
        }
    }

    /// <summary>Reads parameters, which may be anything. False if a scale is not a sane number.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, int bits, Span<float> parameters)
    {
        if (source.Length != SizeBytes(parameters.Length, bits))
        {
            return false;
        }

        if (bits == 32)
        {
            Swap(MemoryMarshal.Cast<byte, int>(source), MemoryMarshal.Cast<float, int>(parameters));
            return true;
        }

        var largest = (1 << (bits - 1)) - 1;
        for (var start = 0; start < parameters.Length; start += BlockLength)
        {
            var block = parameters[start..Math.Min(start + BlockLength, parameters.Length)];
            var scale = BinaryPrimitives.ReadSingleBigEndian(source);
            source = source[sizeof(float)..];
            if (!(scale >= 0 && scale <= Weights.Largest))
            {
                return false;
            }

            for (var i = 0; i < block.Length; i++)
            {
                var level = bits == 16 ? BinaryPrimitives.ReadInt16BigEndian(source) : (sbyte)source[0];
                source = source[(bits / 8)..];
                block[i] = (float)((double)level / largest * scale);
            }
        }

        return true;
    }

    private static void Swap(ReadOnlySpan<int> from, Span<int> to)
    {
        if (BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(from, to);
        }
        else
        {
            from.CopyTo(to);
        }
    }

    private static Span<byte> Put(Span<byte> destination, int level, int bits)
    {
        if (bits == 16)
        {
            BinaryPrimitives.WriteInt16BigEndian(destination, (short)level);
        }
        else
        {
            destination[0] = (byte)(sbyte)level;
        }

        return destination[(bits / 8)..];
    }
}
