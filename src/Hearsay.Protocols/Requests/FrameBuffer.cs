using System.Buffers;

namespace Hearsay.Protocols.Requests;

/// <summary>A buffer for one frame, from the shared pool: a node that asks nothing holds none.</summary>
internal readonly ref struct FrameBuffer(int bytes)
{
    private readonly byte[] _rented = ArrayPool<byte>.Shared.Rent(bytes);

    /// <summary>At least as long as asked for.</summary>
    public Span<byte> Span => _rented;

    /// <summary>Gives it back.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_rented);
}
