namespace Hearsay.Protocols.Transfer;

/// <summary>What the transfers of one protocol counted. The event loop writes it, and any thread may read it.</summary>
internal sealed class TransferCounters
{
    /// <summary>Chunks that were sent.</summary>
    public long ChunksSent { get; set; }

    /// <summary>The bytes of <see cref="ChunksSent"/>.</summary>
    public long ChunkBytesSent { get; set; }

    /// <summary>Chunks kept for a while because the queue of the link was full.</summary>
    public long ChunksDelayed { get; set; }

    /// <summary>Chunks that had not been asked for, came twice, or did not match the manifest.</summary>
    public long ChunksRefused { get; set; }

    /// <summary>Chunks that came before the manifest of their body.</summary>
    public long ChunksEarly { get; set; }

    /// <summary>Chunks dropped for lack of room. They are asked for again.</summary>
    public long ChunksWithoutRoom { get; set; }

    /// <summary>Bodies that a link was not sent unasked, because that had been much lately.</summary>
    public long FeedsRefused { get; set; }

    /// <summary>
    /// Bodies given up while chunks were missing: nothing came of them for too long, or another needed their place or
    /// room.
    /// </summary>
    public long GivenUp { get; set; }

    /// <summary>Adds what other transfers counted.</summary>
    public void Add(TransferCounters other)
    {
        ChunksSent += other.ChunksSent;
        ChunkBytesSent += other.ChunkBytesSent;
        ChunksDelayed += other.ChunksDelayed;
        ChunksRefused += other.ChunksRefused;
        ChunksEarly += other.ChunksEarly;
        ChunksWithoutRoom += other.ChunksWithoutRoom;
        FeedsRefused += other.FeedsRefused;
        GivenUp += other.GivenUp;
    }
}
