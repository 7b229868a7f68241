using Hearsay.Protocols;

namespace Hearsay.Learning.State;

/// <summary>
/// A model, or a part of one, on the wire, big-endian: version (1 byte, 1), bits of a parameter (1), fingerprint of
/// kind, size and number of parts (4), age (8), age of the part (8), part (2), number of parameters (4), sample (4),
/// then the parameters.
/// </summary>
internal static class ModelMessage
{
    /// <summary>The bytes before the parameters.</summary>
    public const int HeaderBytes = 32;

    /// <summary>No model learns for longer: 2^61. Sums of two ages fit a number of 64 bits.</summary>
    public const long MaximumAge = 1L << 61;

    private const byte Version = 1;

    /// <summary>How many bytes a message of so many parameters has.</summary>
    public static int SizeBytes(ILearningModel model, int count, int bits) => HeaderBytes + model.SizeBytes(count, bits);

    /// <summary>Writes a message. Returns its length.</summary>
    public static int Write(
        ModelShape shape, in ModelHeader header, ReadOnlySpan<float> parameters, Span<byte> destination,
        ref SeededRandom random)
    {
        var writer = new WireWriter(destination);
        writer.WriteByte(Version);
        writer.WriteByte((byte)header.Bits);
        writer.WriteUInt32(shape.Fingerprint);
        writer.WriteUInt64((ulong)header.Age);
        writer.WriteUInt64((ulong)header.PartAge);
        writer.WriteUInt16((ushort)header.Part);
        writer.WriteUInt32((uint)header.Count);
        writer.WriteUInt32(header.Sample);
        var bytes = shape.Model.SizeBytes(parameters.Length, header.Bits);
        shape.Model.Write(parameters, header.Bits, destination.Slice(HeaderBytes, bytes), ref random);
        return HeaderBytes + bytes;
    }

    /// <summary>Reads a message into as many of the parameters as it has.</summary>
    public static MessageRefusal TryRead(
        ModelShape shape, ReadOnlySpan<byte> source, out ModelHeader header, Span<float> parameters)
    {
        header = default;
        var reader = new WireReader(source);
        var (version, bits, fingerprint) = (reader.ReadByte(), reader.ReadByte(), reader.ReadUInt32());
        var (age, partAge) = (reader.ReadUInt64(), reader.ReadUInt64());
        var (part, count, sample) = (reader.ReadUInt16(), reader.ReadUInt32(), reader.ReadUInt32());
        if (reader.Failed || version != Version || bits is not (32 or 16 or 8))
        {
            return MessageRefusal.Malformed;
        }

        if (fingerprint != shape.Fingerprint || part >= shape.Partitions)
        {
            return MessageRefusal.OtherModel;
        }

        var isSound = sample == 0
            ? count == shape.CountOf(part)
            : shape.Partitions == 1 && count > shape.Model.BiasCount && count <= shape.Count;
        if (!isSound || reader.Rest.Length != shape.Model.SizeBytes((int)count, bits))
        {
            return MessageRefusal.Malformed;
        }

        if (age > (ulong)MaximumAge || partAge > age)
        {
            return MessageRefusal.ImpossibleAge;
        }

        header = new ModelHeader((long)age, (long)partAge, part, (int)count, sample, bits);
        var into = parameters[..(int)count];
        return shape.Model.TryRead(reader.Rest, bits, into) && Kernels.Weights.AreSane(into)
            ? MessageRefusal.None
            : MessageRefusal.NotFinite;
    }
}
