using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hearsay.Protocols.Wire;

/// <summary>
/// The checksum CRC-32C (Castagnoli, as in RFC 3720, appendix B.4). Where the processor has an instruction for it, that
/// is used; elsewhere, as in a browser, tables take eight bytes at a time.
/// </summary>
internal static class Crc32C
{
    private const uint ReversedPolynomial = 0x82F6_3B78;
    private const int Slices = 8;
    private const int Values = 256;

    private static bool HasInstruction => Sse42.IsSupported || Crc32.IsSupported;

    /// <summary>Goes on with a checksum.</summary>
    /// <param name="crc">What came before; all ones at the beginning. The result is inverted at the end.</param>
    /// <param name="bytes">What follows.</param>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes) =>
        HasInstruction ? ByInstruction(crc, bytes) : ByTables(crc, bytes);

    private static uint ByInstruction(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }

    /// <summary>The same without the instruction, by "slicing by 8": one loop without a call.</summary>
    internal static uint ByTables(uint crc, ReadOnlySpan<byte> bytes)
    {
        var tables = Tables.All;
        var at = 0;
        for (; at + Slices <= bytes.Length; at += Slices)
        {
            crc = tables[(7 * Values) + (byte)(crc ^ bytes[at])]
                ^ tables[(6 * Values) + (byte)((crc >> 8) ^ bytes[at + 1])]
                ^ tables[(5 * Values) + (byte)((crc >> 16) ^ bytes[at + 2])]
                ^ tables[(4 * Values) + (byte)((crc >> 24) ^ bytes[at + 3])]
                ^ tables[(3 * Values) + bytes[at + 4]]
                ^ tables[(2 * Values) + bytes[at + 5]]
                ^ tables[Values + bytes[at + 6]]
                ^ tables[bytes[at + 7]];
        }

        for (; at < bytes.Length; at++)
        {
            crc = tables[(byte)(crc ^ bytes[at])] ^ (crc >> 8);
        }

        return crc;
    }

    /// <summary>Made at the first use; a processor with the instruction never does.</summary>
    private static class Tables
    {
        /// <summary>Eight tables of 256: what a byte becomes when so many bytes follow it.</summary>
        public static readonly uint[] All = Make();

        private static uint[] Make()
        {
            var tables = new uint[Slices * Values];
            for (var value = 0u; value < Values; value++)
            {
                var crc = value;
                for (var bit = 0; bit < 8; bit++)
                {
                    crc = (crc >> 1) ^ ((crc & 1) * ReversedPolynomial);
                }

                tables[value] = crc;
            }

            for (var at = Values; at < tables.Length; at++)
            {
                var before = tables[at - Values];
                tables[at] = tables[(byte)before] ^ (before >> 8);
            }

            return tables;
        }
    }
}
