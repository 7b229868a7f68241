namespace Hearsay.Protocols.Aggregation.Definitions;

/// <summary>Numbers with a fraction on the wire: the bytes of IEEE 754, big-endian.</summary>
internal static class AggregationWire
{
    /// <summary>Writes a number in eight bytes.</summary>
    public static void WriteDouble(this ref WireWriter writer, double value) =>
        writer.WriteUInt64(BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Writes a number in four bytes: seven digits of it.</summary>
    public static void WriteSingle(this ref WireWriter writer, float value) =>
        writer.WriteUInt32(BitConverter.SingleToUInt32Bits(value));

    /// <summary>Reads a number of eight bytes; anything may come, NaN and infinities too.</summary>
    public static double ReadDouble(this ref WireReader reader) =>
        BitConverter.UInt64BitsToDouble(reader.ReadUInt64());

    /// <summary>Reads a number of four bytes; anything may come, NaN and infinities too.</summary>
    public static float ReadSingle(this ref WireReader reader) =>
        BitConverter.UInt32BitsToSingle(reader.ReadUInt32());
}
