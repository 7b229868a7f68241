using System.Buffers.Binary;

namespace Hearsay.Protocols;

/// <summary>
/// Reads big-endian fields from received bytes. Never throws: reading past the end gives zeros and marks the reader as
/// failed, so a decoder reads everything and asks once.
/// </summary>
/// <remarks>
/// Allocates nothing. The spans it returns point into the packet and are valid only as long as it is.
/// </remarks>
public ref struct WireReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>A reader over received bytes.</summary>
    public WireReader(ReadOnlySpan<byte> bytes) => _rest = bytes;

    /// <summary>Whether a field was read past the end.</summary>
    public bool Failed { get; private set; }

    /// <summary>What was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>One byte.</summary>
    public byte ReadByte() => TryTake(1, out var bytes) ? bytes[0] : (byte)0;

    /// <summary>Two bytes.</summary>
    public ushort ReadUInt16() => TryTake(2, out var bytes) ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;

    /// <summary>Four bytes.</summary>
    public uint ReadUInt32() => TryTake(4, out var bytes) ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;

    /// <summary>Eight bytes.</summary>
    public ulong ReadUInt64() => TryTake(8, out var bytes) ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    /// <summary>A node id.</summary>
    public NodeId ReadNodeId() => TryTake(NodeId.SizeBytes, out var bytes) ? NodeId.Read(bytes) : default;

    /// <summary>So many bytes, not copied.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count) => TryTake(count, out var bytes) ? bytes : default;

    /// <summary>
    /// A length in one byte, or in two if it is above 127 (the first then has its top bit set); up to 32,767.
    /// </summary>
    public int ReadLength()
    {
        int first = ReadByte();
        return first < 0x80 ? first : ((first & 0x7F) << 8) | ReadByte();
    }

    private bool TryTake(int count, out ReadOnlySpan<byte> bytes)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            Failed = true;
            _rest = default;
            bytes = default;
            return false;
        }

        bytes = _rest[..count];
        _rest = _rest[count..];
        return true;
    }
}
