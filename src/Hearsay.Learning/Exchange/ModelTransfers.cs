using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using Hearsay.Protocols;
using Hearsay.Protocols.Transfer;

namespace Hearsay.Learning.Exchange;

/// <summary>
/// Models that are too long for a frame. A node offers one (its manifest) to a peer; the peer asks for the chunks, says
/// when it needs nothing more, and learns from the model when it is whole.
/// </summary>
/// <remarks>
/// A chunk goes only to a peer that was offered the model, at the address that this node knows of it, and of one model
/// no more than three times its length to each.
/// </remarks>
internal sealed partial class ModelTransfers
{
    /// <summary>The most models being received at once.</summary>
    public const int MaximumReceiving = 16;

    /// <summary>The most models held for others at once.</summary>
    public const int MaximumOffered = 4;

    /// <summary>How long nothing may come of a model before it is given up.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>How often the whole of a model may go to one peer: chunks are lost and asked for again.</summary>
    private const int MaximumCopies = 3;

    private const int LeastChunkBytes = 32 << 10;

    /// <summary>How long a model may take to get to a peer.</summary>
    private static readonly TimeSpan s_retention = TimeSpan.FromMinutes(5);

    /// <summary>A guess: nobody measures the way to a random peer.</summary>
    private static readonly TimeSpan s_roundTrip = TimeSpan.FromMilliseconds(150);

    private readonly int _longestBytes;
    private readonly IProtocolContext _context;
    private readonly LearningCounters _counters;
    private readonly Action<ModelBody> _onWhole;
    private readonly ModelPeers _peers = new();
    private readonly Transfers<ModelBody> _transfers;
    private ModelTaker? _answered;

    /// <summary>The model that was made last, and of what it was made.</summary>
    private (ModelBody Body, long Age, long Cycle, int Part)? _latest;

    /// <summary>The large models of a learner.</summary>
    /// <param name="longestBytes">The longest message of the model.</param>
    /// <param name="roomBytes">The most bytes of all that are under way.</param>
    /// <param name="context">The node.</param>
    /// <param name="counters">What is counted.</param>
    /// <param name="onWhole">Takes a model that is whole.</param>
    public ModelTransfers(
        int longestBytes, long roomBytes, IProtocolContext context, LearningCounters counters,
        Action<ModelBody> onWhole)
    {
        (_longestBytes, _context, _counters, _onWhole) = (longestBytes, context, counters, onWhole);
        var bounds = new TransferOptions
        {
            RoomBytes = roomBytes, Places = MaximumReceiving, Timeout = Timeout, Retention = s_retention,
            IdleTick = TransferTimes.SilentTime,
        };
        _transfers = new Transfers<ModelBody>(bounds, counters.Transfer, this);
    }

    /// <summary>When <see cref="OnDue"/> is to be called.</summary>
    public Instant NextDue => _transfers.NextDue;

    /// <summary>The models under way.</summary>
    public TransferRoom<ModelBody> Room => _transfers.Room;

    /// <inheritdoc/>
    public Instant Now => _context.Now;

    /// <inheritdoc/>
    public uint Up => _peers.Used;

    /// <summary>The longest manifest of a model of so many bytes.</summary>
    public static int ManifestBytes(int bytes) => TransferManifest.HeaderBytes
        + (TransferManifest.HashBytes * ((bytes / ChunkBytes(bytes)) + 1));

    /// <summary>Does what is due.</summary>
    public void OnDue() => _transfers.OnDue();

    /// <summary>The model that was made last, if it is still held and was made of the same.</summary>
    public ModelBody? Latest(long age, long cycle, int part) =>
        _latest is { } latest && (latest.Age, latest.Cycle, latest.Part) == (age, cycle, part)
        && Room.TryFind(latest.Body.Id, out var held) && held == latest.Body ? held : null;

    /// <summary>Whether one more model can be made for others; one that nobody asks for any more makes way.</summary>
    public bool MakeWay()
    {
        var (own, oldest) = (0, -1);
        for (var i = 0; i < Room.Count; i++)
        {
            own += Room[i].IsOwn ? 1 : 0;
            oldest = Room[i].IsOwn && (oldest < 0 || Room[i].AskedAt < Room[oldest].AskedAt) ? i : oldest;
        }

        if (own < MaximumOffered)
        {
            return true;
        }

        if (Now - Room[oldest].AskedAt <= TransferTimes.SilentTime)
        {
            return false;
        }

        Room.Remove(oldest);
        return true;
    }

    /// <summary>Makes a model for others.</summary>
    /// <returns>Null if there is no room for it, or it is on its way to this node.</returns>
    public ModelBody? Make(byte[] message, long age, long cycle, int part)
    {
        var manifest = TransferManifest.Make(message, ChunkBytes(message.Length));
        var id = IdOf(manifest);
        if (Room.TryFind(id, out var known))
        {
            return known.IsOwn ? known : null;
        }

        if (!Room.MakeRoom(TransferBody.RoomFor(message.Length), null))
        {
            return null;
        }

        var body = new ModelBody(id, manifest, Now, Now + s_retention) { IsOwn = true };
        _transfers.Begin(body);
        _transfers.Fill(body, message);
        _latest = (body, age, cycle, part);
        return body;
    }

    /// <summary>Offers a model to a peer.</summary>
    /// <param name="body">The model, which is this node's own.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="number">The number of its request; 0 if it did not ask.</param>
    /// <returns>Whether the offer was sent.</returns>
    public bool TryOffer(ModelBody body, in Peer peer, uint number)
    {
        var known = body.FindTaker(peer.Id);
        if (known is null && body.Takers.Count >= ModelBody.MaximumTakers)
        {
            return false;
        }

        var offer = new byte[LearningFrame.NumberBytes + body.Manifest.Length];
        BinaryPrimitives.WriteUInt32BigEndian(offer, number);
        body.Manifest.CopyTo(offer, LearningFrame.NumberBytes);
        if (!_context.Send(peer, LearningFrame.Offer, offer))
        {
            return false;
        }

        if (known is null)
        {
            body.Takers.Add(new ModelTaker(peer, (long)MaximumCopies * body.TotalBytes));
        }

        body.AskedAt = Now;
        _counters.Sent++;
        _counters.BytesSent += offer.Length;
        return true;
    }

    /// <summary>Drops a model that nobody was offered.</summary>
    public void DropIfUnwanted(ModelBody body)
    {
        if (body.Takers.Count == 0 && Room.TryFind(body.Id, out var held) && held == body)
        {
            Room.Remove(body);
        }
    }

    /// <summary>Handles an offer, from an address that is proven.</summary>
    public void TakeOffer(in Peer from, uint number, ReadOnlySpan<byte> manifest)
    {
        if (!TransferManifest.TryRead(manifest, _longestBytes, out var read))
        {
            _counters.Malformed++;
            return;
        }

        var id = IdOf(manifest);
        if (Room.TryFind(id, out var known) && known.IsOwn)
        {
            Tell(from, LearningFrame.Done, id);
        }
        else if (!TryGiveSlot(from, out var slot) || (known is null && !Room.MakePlace(read.TotalBytes)))
        {
            _counters.OffersRefused++;
            Tell(from, LearningFrame.Done, id);
        }
        else if (known is not null)
        {
            // The same model from another: one more to ask.
            known.Givers |= 1u << slot;
            known.Providers.NoteHolds(slot);
            _transfers.Ask(known);
        }
        else
        {
            var body = new ModelBody(id, manifest.ToArray(), Now, Now + s_retention)
            {
                Number = number, Givers = 1u << slot,
            };
            body.Providers.NoteHolds(slot);
            _transfers.Begin(body);
            _transfers.Await(body, -1, isFed: false, early: 0);
        }
    }

    /// <summary>Handles a request for chunks, from an address that is proven.</summary>
    public void TakeWant(in Peer from, ReadOnlySpan<byte> request)
    {
        if (!TransferFrame.IsWant(request))
        {
            _counters.Malformed++;
            return;
        }

        var id = TransferFrame.ReadId(request);
        var taker = Room.TryFind(id, out var body) && body.IsOwn ? body.FindTaker(from.Id) : null;
        if (taker is null)
        {
            _counters.PullsRefused++;
            Tell(from, LearningFrame.Gone, id);
        }
        else if (!TryGiveSlot(taker.Peer, out var slot))
        {
            _counters.PullsRefused++;
        }
        else
        {
            (body!.AskedAt, _answered) = (Now, taker);
            _counters.Malformed += _transfers.TakeWant(slot, request) ? 0 : 1;
            _answered = null;
        }
    }

    /// <summary>Handles a chunk. Who sent it does not matter: it is checked against the manifest.</summary>
    public void TakeChunk(in Peer from, ReadOnlySpan<byte> body)
    {
        if (!TransferFrame.TryReadChunk(body, out var id, out var chunk, out var bytes))
        {
            _counters.Malformed++;
        }
        else if (!_transfers.TryTake(id, _peers.Find(from.Id), chunk, bytes))
        {
            _counters.Transfer.ChunksRefused++;
        }
    }

    /// <summary>Handles the news that a peer holds nothing of a model any more.</summary>
    public void TakeGone(in Peer from, ReadOnlySpan<byte> body)
    {
        if (body.Length != TransferFrame.IdBytes)
        {
            _counters.Malformed++;
        }
        else if (_peers.Find(from.Id) is >= 0 and var slot
            && Room.TryFind(TransferFrame.ReadId(body), out var model) && (model.Givers & (1u << slot)) != 0)
        {
            model.Givers &= ~(1u << slot);
            if (model.Givers == 0)
            {
                Room.GiveUp(model);
            }
            else
            {
                _transfers.OnGone(model.Id, slot);
            }
        }
    }

    /// <summary>Handles the news that a peer needs nothing of a model any more, or does not take it.</summary>
    public void TakeDone(in Peer from, ReadOnlySpan<byte> body)
    {
        if (body.Length != TransferFrame.IdBytes)
        {
            _counters.Malformed++;
        }
        else if (Room.TryFind(TransferFrame.ReadId(body), out var model) && model.IsOwn
            && model.FindTaker(from.Id) is { } taker)
        {
            if (_peers.Find(from.Id) is >= 0 and var slot)
            {
                model.Release(slot);
            }

            model.Takers.Remove(taker);
            DropIfUnwanted(model);
        }
    }

    private static int ChunkBytes(int bytes) => Math.Max(
        LeastChunkBytes, (bytes + TransferManifest.MaximumChunks - 1) / TransferManifest.MaximumChunks);

    /// <summary>The name of a model: what its manifest says.</summary>
    private static UInt128 IdOf(ReadOnlySpan<byte> manifest)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(manifest, hash);
        return TransferFrame.ReadId(hash);
    }

    /// <summary>Gives a peer a slot; those whose models are being received keep theirs.</summary>
    private bool TryGiveSlot(in Peer peer, out int slot)
    {
        var pinned = 0u;
        for (var i = 0; i < Room.Count; i++)
        {
            pinned |= Room[i].Givers;
        }

        if (!_peers.TryTake(peer, Now, pinned, out slot, out var isNew))
        {
            return false;
        }

        if (isNew)
        {
            _transfers.ForgetLink(slot);
        }

        return true;
    }

    private void TellGivers(ModelBody body)
    {
        for (var rest = body.Givers; rest != 0; rest &= rest - 1)
        {
            Tell(_peers[BitOperations.TrailingZeroCount(rest)], LearningFrame.Done, body.Id);
        }
    }

    private void Tell(in Peer peer, byte type, UInt128 id)
    {
        Span<byte> body = stackalloc byte[TransferFrame.IdBytes];
        TransferFrame.WriteId(body, id);
        _context.Send(peer, type, body);
    }
}
