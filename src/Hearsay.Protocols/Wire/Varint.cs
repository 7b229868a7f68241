namespace Hearsay.Protocols.Wire;

/// <summary>
/// Whole numbers in as few bytes as they need: seven bits a byte, the lowest first, the top bit set on all but the
/// last. Signed ones are folded first: 0, -1, 1, -2, ... become 0, 1, 2, 3, ...
/// </summary>
/// <remarks>A number has one form only: a reader that meets a longer one, or more than 64 bits, fails.</remarks>
internal static class Varint
{
    /// <summary>The bytes of the longest number.</summary>
    public const int MostBytes = 10;

    private const int BitsAByte = 7;

    /// <summary>Writes a number.</summary>
    public static void Write(ref WireWriter writer, ulong value)
    {
        for (; value >= 0x80; value >>= BitsAByte)
        {
            writer.WriteByte((byte)(0x80 | value));
        }

        writer.WriteByte((byte)value);
    }

    /// <summary>Writes a signed number.</summary>
    public static void WriteSigned(ref WireWriter writer, long value) =>
        Write(ref writer, (ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Reads a number; false if it is cut short or not in its one form.</summary>
    public static bool TryRead(ref WireReader reader, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64; shift += BitsAByte)
        {
            var next = reader.ReadByte();
            var isLast = next < 0x80;
            if (reader.Failed || (shift == 63 && next > 1) || (isLast && next == 0 && shift > 0))
            {
                return false;
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (isLast)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a signed number; false if it is cut short or not in its one form.</summary>
    public static bool TryReadSigned(ref WireReader reader, out long value)
    {
        var ok = TryRead(ref reader, out var folded);
        value = (long)(folded >> 1) ^ -(long)(folded & 1);
        return ok;
    }

    /// <summary>How many bytes a number takes.</summary>
    public static int BytesOf(ulong value) => (System.Numerics.BitOperations.Log2(value | 1) / BitsAByte) + 1;
}
