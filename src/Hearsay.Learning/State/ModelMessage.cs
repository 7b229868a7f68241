using Hearsay.Learning.Kernels;
using Hearsay.Protocols;
using Hearsay.Protocols.Wire;

namespace Hearsay.Learning.State;

/// <summary>
/// A model, or a part of one, on the wire. Numbers are big-endian, and those called short have seven bits a byte, the
/// lowest first (<see cref="Varint"/>).
/// </summary>
/// <remarks>
/// <code>
/// 1      version 1 in the upper four bits; then 8 if sampled, plus 0, 1, 2 for parameters of 32, 16, 8 bits
/// 4      fingerprint of the kind of model, its size and its number of parts
/// short  age of the model
/// short  how much younger the part is
/// short  which part, if the model has several
/// short  number of parameters, and 4 bytes from which their places follow, if sampled
///        the parameters
/// </code>
/// </remarks>
internal static class ModelMessage
{
    /// <summary>The most bytes before the parameters.</summary>
    public const int MaximumHeaderBytes = 1 + 4 + (2 * Varint.MostBytes) + 2 + 5 + 4;

    /// <summary>No model learns for longer: 2^61. Sums of two ages fit a number of 64 bits.</summary>
    public const long MaximumAge = 1L << 61;

    private const int Version = 1;
    private const int Sampled = 8;

    /// <summary>The most bytes of a message of so many parameters.</summary>
    public static int MaximumBytes(ILearningModel model, int count, int bits) =>
        MaximumHeaderBytes + model.SizeBytes(count, bits);

    /// <summary>Writes a message. Returns its length.</summary>
    public static int Write(
        ModelShape shape, in ModelHeader header, ReadOnlySpan<float> parameters, Span<byte> destination,
        ref SeededRandom random)
    {
        var writer = new WireWriter(destination);
        var form = header.Bits switch { 32 => 0, 16 => 1, _ => 2 } + (header.Sample != 0 ? Sampled : 0);
        writer.WriteByte((byte)((Version << 4) + form));
        writer.WriteUInt32(shape.Fingerprint);
        Varint.Write(ref writer, (ulong)header.Age);
        Varint.Write(ref writer, (ulong)(header.Age - header.PartAge));
        if (shape.Partitions > 1)
        {
            Varint.Write(ref writer, (ulong)header.Part);
        }

        if (header.Sample != 0)
        {
            Varint.Write(ref writer, (ulong)header.Count);
            writer.WriteUInt32(header.Sample);
        }

        var bytes = shape.Model.SizeBytes(parameters.Length, header.Bits);
        shape.Model.Write(parameters, header.Bits, destination.Slice(writer.Position, bytes), ref random);
        return writer.Position + bytes;
    }

    /// <summary>Reads a message into as many of the parameters as it has.</summary>
    public static MessageRefusal TryRead(
        ModelShape shape, ReadOnlySpan<byte> source, out ModelHeader header, Span<float> parameters)
    {
        var reader = new WireReader(source);
        var refusal = TryReadHeader(shape, ref reader, out header);
        if (refusal != MessageRefusal.None)
        {
            return refusal;
        }

        var into = parameters[..header.Count];
        return shape.Model.TryRead(reader.Rest, header.Bits, into) && Weights.AreSane(into)
            ? MessageRefusal.None
            : MessageRefusal.NotFinite;
    }

    private static MessageRefusal TryReadHeader(ModelShape shape, ref WireReader reader, out ModelHeader header)
    {
        header = default;
        int form = reader.ReadByte();
        var fingerprint = reader.ReadUInt32();
        var bits = (form & 7) switch { 0 => 32, 1 => 16, 2 => 8, _ => 0 };
        if (reader.Failed || form >> 4 != Version || bits == 0)
        {
            return MessageRefusal.Malformed;
        }

        if (fingerprint != shape.Fingerprint)
        {
            return MessageRefusal.OtherModel;
        }

        var (part, sample) = (0UL, 0u);
        if (!Varint.TryRead(ref reader, out var age) || !Varint.TryRead(ref reader, out var younger)
            || (shape.Partitions > 1 && !Varint.TryRead(ref reader, out part)) || part >= (ulong)shape.Partitions)
        {
            return MessageRefusal.Malformed;
        }

        var count = (ulong)shape.CountOf((int)part);
        if ((form & Sampled) != 0)
        {
            var isSound = Varint.TryRead(ref reader, out count) && shape.Partitions == 1
                && count > (ulong)shape.Model.BiasCount && count <= (ulong)shape.Count;
            sample = reader.ReadUInt32();
            if (!isSound || reader.Failed || sample == 0)
            {
                return MessageRefusal.Malformed;
            }
        }

        if (reader.Rest.Length != shape.Model.SizeBytes((int)count, bits))
        {
            return MessageRefusal.Malformed;
        }

        if (age > MaximumAge || younger > age)
        {
            return MessageRefusal.ImpossibleAge;
        }

        header = new ModelHeader((long)age, (long)(age - younger), (int)part, (int)count, sample, bits);
        return MessageRefusal.None;
    }
}
