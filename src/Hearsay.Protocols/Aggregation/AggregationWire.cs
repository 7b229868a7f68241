namespace Hearsay.Protocols;

/// <summary>Numbers with a fraction on the wire: the eight bytes of IEEE 754, big-endian.</summary>
internal static class AggregationWire
{
    /// <summary>Writes a number.</summary>
    public static void WriteDouble(this ref WireWriter writer, double value) =>
        writer.WriteUInt64(BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Reads a number; anything may come, NaN and infinities too.</summary>
    public static double ReadDouble(this ref WireReader reader) =>
        BitConverter.UInt64BitsToDouble(reader.ReadUInt64());
}
