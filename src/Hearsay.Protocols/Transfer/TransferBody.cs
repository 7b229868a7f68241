namespace Hearsay.Protocols.Transfer;

/// <summary>
/// A large body that is being received, or is held whole. It owns its bytes: those of each chunk from when that
/// came, all in one piece when it is whole. A protocol adds what it knows of it in a type of its own.
/// </summary>
internal class TransferBody
{
    /// <summary>
    /// The most chunks asked of one neighbour and not yet received, and the most that go to one unasked: a megabyte,
    /// which fits the queue of a stream.
    /// </summary>
    public const int Window = 32;

    /// <summary>A chunk may take this many time-outs if others of the body come meanwhile.</summary>
    private const int LongestWait = 4;

    /// <summary>And this many if chunks of other bodies come over the link meanwhile: they may be first.</summary>
    private const int BusyWait = 2;

    private readonly ReadOnlyMemory<byte> _hashes;
    private readonly uint[] _wanters;
    private readonly sbyte[] _askedOf;
    private readonly bool[] _wasLate;
    private readonly long[] _askedAt;
    private readonly int[] _outstanding = new int[32];
    private readonly long[] _heardAt = new long[32];

    /// <summary>The chunks that are here; none of them any more when the body is whole.</summary>
    private byte[]?[] _chunks;

    private int _hereBytes;

    /// <summary>A body of which nothing is here.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="manifest">Its manifest, which is valid and is kept.</param>
    /// <param name="now">The moment.</param>
    /// <param name="heldUntil">When it is dropped once it is whole.</param>
    /// <param name="earlier">Who had its manifest before this node, by slot.</param>
    public TransferBody(
        UInt128 id, ReadOnlyMemory<byte> manifest, Instant now, Instant heldUntil, uint earlier)
    {
        Providers = new ChunkProviders(earlier);
        (Id, Received, HeldUntil, Progress) = (id, now.Ticks, heldUntil, now);
        TransferManifest.TryRead(manifest.Span, TransferManifest.LongestBody, out var read);
        _hashes = manifest[TransferManifest.HeaderBytes..];
        (TotalBytes, ChunkBytes, Count) = (read.TotalBytes, read.ChunkBytes, read.Count);
        (_wanters, _askedOf, _wasLate) = (new uint[Count], new sbyte[Count], new bool[Count]);
        (_askedAt, _chunks) = (new long[Count], new byte[]?[Count]);
        _askedOf.AsSpan().Fill(-1);
        Missing = Count;
    }

    public UInt128 Id { get; }

    public int TotalBytes { get; }

    /// <summary>What it takes of the room for bodies.</summary>
    public int RoomBytes { get; set; }

    /// <summary>Whether nothing of it is here but its manifest.</summary>
    public bool IsBare => _hereBytes == 0;

    /// <summary>Whether something of it came before it was given up and begun again.</summary>
    public bool HadChunks { get; init; }

    /// <summary>Whether something of it came at all.</summary>
    public bool IsProven => HadChunks || !IsBare;

    /// <summary>Whether nothing is asked for until there is room for it.</summary>
    public bool Waits { get; set; }

    public int ChunkBytes { get; }

    public int Count { get; }

    /// <summary>When its manifest came, in ticks.</summary>
    public long Received { get; }

    /// <summary>When it is dropped once it is whole.</summary>
    public Instant HeldUntil { get; }

    /// <summary>How many chunks are missing.</summary>
    public int Missing { get; private set; }

    /// <summary>When something of it came last, or went out last if it begins here.</summary>
    public Instant Progress { get; private set; }

    /// <summary>Whether another node has said that it has all of it.</summary>
    public bool IsElsewhere { get; private set; }

    /// <summary>Whom its chunks may be asked of.</summary>
    public ChunkProviders Providers { get; }

    /// <summary>Whether it begins here, and is not received.</summary>
    public bool IsOwn { get; init; }

    /// <summary>Whether all of it is here, or will be at the end of this input.</summary>
    public bool IsWhole => Missing == 0 || IsOwn;

    /// <summary>Who is to get chunks that are here and that the link did not take yet, by slot.</summary>
    public uint Owed { get; private set; }

    /// <summary>Who gets the first chunks unasked, by slot.</summary>
    public uint Fed { get; set; }

    /// <summary>How many chunks, from the first, go to those who are fed.</summary>
    public int FedCount => Math.Min(Count, Window);

    /// <summary>All of it, when it is whole.</summary>
    public byte[]? Data { get; private set; }

    /// <summary>The room that so many bytes of a body take.</summary>
    public static int RoomFor(int bytes) => Math.Max(bytes, TransferManifest.LeastRoomBytes);

    public bool Has(int chunk) => Missing == 0 || _chunks[chunk] is not null;

    public bool IsAsked(int chunk) => _askedOf[chunk] >= 0;

    public int Outstanding(int slot) => _outstanding[slot];

    public ReadOnlySpan<byte> Chunk(int chunk) =>
        Data is null ? _chunks[chunk] : Data.AsSpan(chunk * ChunkBytes, LengthOf(chunk));

    public void Want(int chunk, int slot) => _wanters[chunk] |= 1u << slot;

    /// <summary>The link to a neighbour does not take a chunk that is here: it is sent later.</summary>
    public void Owe(int chunk, int slot)
    {
        Want(chunk, slot);
        Owed |= 1u << slot;
    }

    /// <summary>Whether a neighbour is to get a chunk that is here.</summary>
    public bool Owes(int chunk, int slot) => Has(chunk) && (_wanters[chunk] & (1u << slot)) != 0;

    /// <summary>A chunk that was owed is on its way.</summary>
    public void Paid(int chunk, int slot) => _wanters[chunk] &= ~(1u << slot);

    /// <summary>Nothing that is here is owed to a neighbour any more.</summary>
    public void PaidAll(int slot) => Owed &= ~(1u << slot);

    /// <summary>Who is to get a chunk that came.</summary>
    public uint TakeWanters(int chunk)
    {
        var wanters = _wanters[chunk] | (chunk < FedCount ? Fed : 0);
        _wanters[chunk] = 0;
        return wanters;
    }

    /// <summary>A neighbour says that it has all of it.</summary>
    /// <returns>Whether it may be asked because of that.</returns>
    public bool NoteHolds(int slot)
    {
        IsElsewhere = true;
        return Providers.NoteHolds(slot);
    }

    /// <summary>Something of it went out.</summary>
    public void NoteSent(Instant now) => Progress = IsOwn ? now : Progress;

    /// <summary>A neighbour sent a chunk that was missing.</summary>
    public void Heard(int slot, Instant now)
    {
        if (slot >= 0)
        {
            _heardAt[slot] = now.Ticks;
            Providers.NoteSent(slot);
        }
    }

    /// <summary>Whether somebody was asked for a chunk in vain.</summary>
    public bool WasLate(int chunk) => _wasLate[chunk];

    /// <summary>Has a chunk been asked of somebody?</summary>
    public void Ask(int chunk, int slot, Instant now)
    {
        (_askedOf[chunk], _askedAt[chunk]) = ((sbyte)slot, now.Ticks);
        _outstanding[slot]++;
    }

    /// <summary>Nobody is asked for a chunk any more.</summary>
    public void Unask(int chunk)
    {
        if (_askedOf[chunk] >= 0)
        {
            _outstanding[_askedOf[chunk]]--;
            _askedOf[chunk] = -1;
        }
    }

    /// <summary>Chunks asked for too long ago may be asked of others; where chunks are coming it may take longer.
    /// </summary>
    /// <param name="now">The moment.</param>
    /// <param name="timeout">How long a neighbour may be silent that may wait for the chunk itself.</param>
    /// <param name="links">Of each neighbour, when it last sent a chunk of any body, and how long one takes.</param>
    public void UnaskLate(Instant now, TimeSpan timeout, ReadOnlySpan<(long ChunkAt, long Patience)> links)
    {
        var failed = 0u;
        for (var chunk = 0; chunk < Count; chunk++)
        {
            if (_askedOf[chunk] >= 0 && IsLate(chunk, now.Ticks, timeout.Ticks, links[_askedOf[chunk]]))
            {
                failed |= 1u << _askedOf[chunk];
                UnaskInVain(chunk);
            }
        }

        Providers.NoteLate(failed);
    }

    /// <summary>A neighbour lacks a chunk that it was asked for.</summary>
    public void OnLacks(int chunk, int slot)
    {
        if (chunk < Count && _askedOf[chunk] == slot)
        {
            UnaskInVain(chunk);
            Providers.NoteLacks(slot);
        }
    }

    /// <summary>A neighbour has nothing of it any more.</summary>
    public void OnGone(int slot)
    {
        Release(slot);
        UnaskAll(slot);
        Providers.NoteLacks(slot);
    }

    /// <summary>The neighbour in a slot is gone.</summary>
    public void Forget(int slot)
    {
        Release(slot);
        UnaskAll(slot);
        Providers.Forget(slot);
    }

    /// <summary>A neighbour needs nothing of it any more.</summary>
    public void Release(int slot)
    {
        Fed &= ~(1u << slot);
        Owed &= ~(1u << slot);
        foreach (ref var wanters in _wanters.AsSpan())
        {
            wanters &= ~(1u << slot);
        }
    }

    private void UnaskAll(int slot)
    {
        for (var chunk = 0; chunk < Count; chunk++)
        {
            if (_askedOf[chunk] == slot)
            {
                UnaskInVain(chunk);
            }
        }
    }

    private void UnaskInVain(int chunk)
    {
        Unask(chunk);
        _wasLate[chunk] = true;
    }

    /// <summary>Whether these are the bytes of a chunk that is missing.</summary>
    public bool Lacks(int chunk, ReadOnlySpan<byte> bytes)
    {
        if (chunk >= Count || Has(chunk) || bytes.Length != LengthOf(chunk))
        {
            return false;
        }

        var expected = _hashes.Span.Slice(chunk * TransferManifest.HashBytes, TransferManifest.HashBytes);
        return TransferManifest.Matches(bytes, expected);
    }

    /// <summary>How much more room it takes with so many bytes more.</summary>
    public int MoreRoomFor(int bytes) => Math.Max(0, RoomFor(_hereBytes + bytes) - RoomBytes);

    /// <summary>Takes a chunk that it <see cref="Lacks"/>; the last one makes it whole.</summary>
    public void Take(int chunk, ReadOnlySpan<byte> bytes, Instant now)
    {
        _chunks[chunk] = bytes.ToArray();
        _hereBytes += bytes.Length;
        Progress = now;
        if (--Missing == 0)
        {
            PutTogether();
        }
    }

    /// <summary>Takes all of it at once, on the node where it begins.</summary>
    /// <param name="data">The body; it is kept.</param>
    public void TakeAll(byte[] data)
    {
        (Data, _hereBytes, Missing, _chunks) = (data, TotalBytes, 0, []);
    }

    private void PutTogether()
    {
        Data = Count == 1 ? _chunks[0]! : GC.AllocateUninitializedArray<byte>(TotalBytes);
        for (var chunk = 0; Count > 1 && chunk < Count; chunk++)
        {
            _chunks[chunk]!.CopyTo(Data, chunk * ChunkBytes);
        }

        _chunks = [];
    }

    /// <summary>Whether a chunk will hardly come any more from who was asked for it.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="now">The moment.</param>
    /// <param name="timeout">How long a neighbour may be silent that may wait for the chunk itself.</param>
    /// <param name="link">When the neighbour last sent a chunk of any body, and how long one takes.</param>
    private bool IsLate(int chunk, long now, long timeout, (long ChunkAt, long Patience) link)
    {
        var (slot, asked) = (_askedOf[chunk], _askedAt[chunk]);
        var patience = Providers.MayWaitFor(slot) ? timeout : link.Patience;
        return now - Math.Max(asked, link.ChunkAt) > patience
            || now - Math.Max(asked, _heardAt[slot]) > BusyWait * timeout
            || now - asked > LongestWait * timeout;
    }

    private int LengthOf(int chunk) => Math.Min(ChunkBytes, TotalBytes - (chunk * ChunkBytes));
}
