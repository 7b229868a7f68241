using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Hearsay.Transport;

/// <summary>
/// Cuts a stream of bytes into packets: four bytes of length, most significant first, then the packet.
/// </summary>
/// <remarks>
/// Memory follows the bytes that have arrived, never a length that is merely claimed, and is none between frames. A
/// mutable value owned by one reading loop.
/// </remarks>
[SuppressMessage("Performance", "CA1815", Justification = "Never compared.")]
internal struct FrameBuffer(int maximumPacketBytes) : IDisposable
{
    /// <summary>The bytes of length before each packet.</summary>
    public const int HeaderBytes = 4;

    /// <summary>What is rented for the first bytes: most packets on streams are views and fit.</summary>
    public const int InitialBytes = 4096;

    private byte[] _bytes = [];
    private int _start;
    private int _end;

    /// <summary>Whether part of a frame is held.</summary>
    public readonly bool IsPartial => _end > _start;

    /// <summary>The bytes of memory held.</summary>
    public readonly int HeldBytes => _bytes.Length;

    /// <summary>Whether the stream broke the framing; it cannot be read any further.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Room for the next bytes, at least one; valid until the next call.</summary>
    public Memory<byte> GetSpace()
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(
                Math.Clamp(2 * _end, InitialBytes, HeaderBytes + maximumPacketBytes));
            _bytes.AsSpan(0, _end).CopyTo(larger);
            Release();
            _bytes = larger;
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>Says how many bytes were written into the space.</summary>
    public void Advance(int bytes) => _end += bytes;

    /// <summary>Takes the next whole packet; valid until the next call of <see cref="GetSpace"/>.</summary>
    public bool TryTake(out ReadOnlySpan<byte> packet)
    {
        packet = default;
        if (IsBroken || _end - _start < HeaderBytes)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(_start));
        if (length == 0 || length > (uint)maximumPacketBytes)
        {
            IsBroken = true;
            return false;
        }

        if (_end - _start - HeaderBytes < (int)length)
        {
            return false;
        }

        packet = _bytes.AsSpan(_start + HeaderBytes, (int)length);
        _start += HeaderBytes + (int)length;
        return true;
    }

    /// <summary>Gives the memory back if nothing is held.</summary>
    public void Trim()
    {
        if (!IsPartial)
        {
            Dispose();
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        Release();
        (_start, _end) = (0, 0);
    }

    private void Release()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }
}
