using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Hearsay.Protocols;

/// <summary>
/// Writes big-endian fields into a buffer. It never throws. A write past the end writes nothing and marks the writer as
/// failed. <see cref="Rewind"/> undoes what did not fit.
/// </summary>
/// <remarks>It allocates nothing. The buffer belongs to the caller.</remarks>
public ref struct WireWriter
{
    private readonly Span<byte> _buffer;

    /// <summary>Creates a writer over a buffer.</summary>
    /// <param name="buffer">The buffer. It stays the caller's.</param>
    public WireWriter(Span<byte> buffer) => _buffer = buffer;

    /// <summary>A writer over a buffer of which the first bytes were written before.</summary>
    internal WireWriter(Span<byte> buffer, int position)
        : this(buffer) => Position = position;

    /// <summary>The number of bytes written.</summary>
    public int Position { get; private set; }

    /// <summary>Whether a write did not fit.</summary>
    public bool Failed { get; private set; }

    /// <summary>The number of bytes that still fit.</summary>
    public readonly int Room => _buffer.Length - Position;

    /// <summary>The bytes written so far.</summary>
    public readonly Span<byte> Written => _buffer[..Position];

    /// <summary>Writes one byte.</summary>
    public void WriteByte(byte value)
    {
        if (TryTake(1, out var bytes))
        {
            bytes[0] = value;
        }
    }

    /// <summary>Writes a number of two bytes.</summary>
    public void WriteUInt16(ushort value)
    {
        if (TryTake(2, out var bytes))
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        }
    }

    /// <summary>Writes a number of four bytes.</summary>
    public void WriteUInt32(uint value)
    {
        if (TryTake(4, out var bytes))
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        }
    }

    /// <summary>Writes a number of eight bytes.</summary>
    public void WriteUInt64(ulong value)
    {
        if (TryTake(8, out var bytes))
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        }
    }

    /// <summary>Writes a node id.</summary>
    public void WriteNodeId(NodeId value)
    {
        if (TryTake(NodeId.SizeBytes, out var bytes))
        {
            value.Write(bytes);
        }
    }

    /// <summary>Writes bytes as they are.</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> value)
    {
        if (TryTake(value.Length, out var bytes))
        {
            value.CopyTo(bytes);
        }
    }

    /// <summary>Writes a given number of zeros, as padding.</summary>
    public void WriteZeros(int count)
    {
        if (TryTake(count, out var bytes))
        {
            bytes.Clear();
        }
    }

    /// <summary>Writes a length from 0 to 32,767 in the form that <see cref="WireReader.ReadLength"/> reads.</summary>
    public void WriteLength(int value)
    {
        if (value >= 0x80)
        {
            WriteByte((byte)(0x80 | (value >> 8)));
        }

        WriteByte((byte)value);
    }

    /// <summary>Overwrites one byte that was written before.</summary>
    public readonly void Patch(int position, byte value) => _buffer[position] = value;

    /// <summary>Overwrites two bytes that were written before.</summary>
    public readonly void Patch(int position, ushort value) =>
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[position..], value);

    /// <summary>Discards everything from <paramref name="position"/> on, and clears <see cref="Failed"/>.</summary>
    public void Rewind(int position) => (Position, Failed) = (position, false);

    /// <summary>Room for so many bytes, to be filled by the caller; nothing is taken if there is less.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTake(int count, out Span<byte> bytes)
    {
        if (Failed || (uint)count > (uint)Room)
        {
            Failed = true;
            bytes = default;
            return false;
        }

        bytes = _buffer.Slice(Position, count);
        Position += count;
        return true;
    }
}
