namespace Hearsay.Protocols.Node.Pieces;

/// <summary>
/// Puts packets together that come in pieces. What is begun holds 64 KiB each and a megabyte in all; what has made no
/// progress for a while makes room.
/// </summary>
internal sealed class PieceAssembler
{
    /// <summary>The most packets at once.</summary>
    public const int Capacity = 16;

    /// <summary>The most of them from one address, which sends one at a time.</summary>
    public const int CapacityOfAddress = 4;

    /// <summary>How long a packet is kept for its sender, of which nothing comes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly List<PieceAssembly> _assemblies = new(Capacity);

    /// <summary>Takes a piece.</summary>
    /// <param name="from">Where it came from.</param>
    /// <param name="piece">Which one it is.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="here">Which pieces of its packet are here.</param>
    /// <param name="whole">The packet, if this was the last piece that was missing.</param>
    /// <returns>False if there was no room for it, or it contradicts the others.</returns>
    public bool TryTake(
        in NodeAddress from, in Piece piece, ReadOnlySpan<byte> bytes, Instant now, out ulong here,
        out ReadOnlyMemory<byte> whole)
    {
        (here, whole) = (0, default);
        var assembly = Find(from, piece.Number) ?? Begin(from, piece, now);
        if (assembly is null || !assembly.TryTake(piece, bytes, out whole))
        {
            return false;
        }

        assembly.TouchedAt = now;
        here = assembly.Here;
        return true;
    }

    private PieceAssembly? Find(in NodeAddress from, ulong number)
    {
        foreach (var assembly in _assemblies)
        {
            if (assembly.Number == number && assembly.From == from)
            {
                return assembly;
            }
        }

        return null;
    }

    private PieceAssembly? Begin(in NodeAddress from, in Piece piece, Instant now)
    {
        var ofAddress = 0;
        foreach (var assembly in _assemblies)
        {
            ofAddress += assembly.From == from ? 1 : 0;
        }

        var isFull = ofAddress == CapacityOfAddress;
        if ((isFull || _assemblies.Count == Capacity) && !MakeRoom(from, isFull, now))
        {
            return null;
        }

        var begun = new PieceAssembly(from, piece);
        _assemblies.Add(begun);
        return begun;
    }

    /// <summary>Forgets the packet that was whole, or of which nothing came, for the longest time.</summary>
    private bool MakeRoom(in NodeAddress from, bool isOfAddress, Instant now)
    {
        PieceAssembly? oldest = null;
        foreach (var assembly in _assemblies)
        {
            var mayGo = assembly.IsWhole || now - assembly.TouchedAt >= Patience;
            if (mayGo && (!isOfAddress || assembly.From == from)
                && (oldest is null || assembly.TouchedAt < oldest.TouchedAt))
            {
                oldest = assembly;
            }
        }

        return oldest is not null && _assemblies.Remove(oldest);
    }
}
