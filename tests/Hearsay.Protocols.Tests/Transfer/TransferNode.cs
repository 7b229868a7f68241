using Hearsay.Protocols.Transfer;

namespace Hearsay.Protocols.Tests.Transfer;

/// <summary>A protocol that does nothing but transfer.</summary>
internal sealed class TransferNode : ITransferHost<TransferBody>
{
    private readonly TransferNet _net;
    private int _taken;
    private Instant _takenAt;

    public TransferNode(TransferNet net, TransferOptions options)
    {
        _net = net;
        Transfers = new Transfers<TransferBody>(options, new TransferCounters(), this);
    }

    public Transfers<TransferBody> Transfers { get; }

    public TransferCounters Counters => Transfers.Counters;

    /// <summary>The other end of each link, and the slot that this one has there.</summary>
    public List<(TransferNode Node, int Back)> Links { get; } = [];

    public List<byte[]> Whole { get; } = [];

    public int GivenUp { get; private set; }

    /// <summary>How many chunks its links take within 10 ms.</summary>
    public int Takes { get; set; } = int.MaxValue;

    /// <summary>After how many chunks it stops without a word.</summary>
    public int StopsAfter { get; set; } = int.MaxValue;

    public bool IsDown => Counters.ChunksSent >= StopsAfter;

    /// <summary>What becomes of a chunk that it sends.</summary>
    public Func<byte[], byte[]> Alter { get; set; } = static frame => frame;

    public int Answered { get; private set; }

    /// <inheritdoc/>
    public Instant Now => _net.Now;

    /// <inheritdoc/>
    public uint Up => (uint)((1L << Links.Count) - 1);

    /// <inheritdoc/>
    public int HeadBytes => 3;

    /// <summary>Holds a body.</summary>
    public byte[] Hold(UInt128 id, byte[] data, int chunkBytes = 8192)
    {
        var manifest = TransferManifest.Make(data, chunkBytes);
        Assert.True(Transfers.Room.MakeRoom(TransferBody.RoomFor(data.Length), null));
        var body = new TransferBody(id, manifest, Now, Now + TransferNet.Options.Retention, 0) { IsOwn = true };
        Transfers.Begin(body);
        Transfers.Fill(body, data);
        return manifest;
    }

    /// <summary>Learns of a body that the nodes behind some links hold.</summary>
    public TransferBody Hear(UInt128 id, byte[] manifest, params int[] holders)
    {
        Assert.True(Transfers.Room.MakePlace(1));
        var body = new TransferBody(id, manifest, Now, Now + TransferNet.Options.Retention, 0);
        Array.ForEach(holders, slot => body.Providers.NoteHolds(slot));
        Transfers.Begin(body);
        Transfers.Await(body, -1, isFed: false, early: 0);
        return body;
    }

    /// <inheritdoc/>
    public TimeSpan RoundTrip(int slot) => TimeSpan.FromMilliseconds(10);

    /// <inheritdoc/>
    public bool TrySendChunk(int slot, Span<byte> frame)
    {
        (_taken, _takenAt) = Now == _takenAt ? (_taken + 1, _takenAt) : (1, Now);
        if (_taken > Takes)
        {
            return false;
        }

        var (to, back) = Links[slot];
        var sent = Alter(frame[HeadBytes..].ToArray());
        _net.Send(() =>
        {
            if (!to.IsDown && TransferFrame.TryReadChunk(sent, out var id, out var chunk, out var bytes)
                && !to.Transfers.TryTake(id, back, chunk, bytes))
            {
                to.Transfers.KeepEarly(id, back, chunk, bytes);
            }
        });
        return true;
    }

    /// <inheritdoc/>
    public void Send(int slot, TransferAnswer kind, ReadOnlySpan<byte> body)
    {
        var (to, back) = Links[slot];
        var sent = body.ToArray();
        _net.Send(() =>
        {
            if (to.IsDown)
            {
                return;
            }

            switch (kind)
            {
                case TransferAnswer.Want:
                    Assert.True(TransferFrame.IsWant(sent) && to.Transfers.TakeWant(back, sent));
                    break;
                case TransferAnswer.Lacking:
                    to.Transfers.TakeLacking(back, sent);
                    break;
                default:
                    to.Transfers.OnGone(TransferFrame.ReadId(sent), back);
                    break;
            }
        });
    }

    /// <inheritdoc/>
    public bool MayAnswer(int slot, int bytes)
    {
        Answered++;
        return !IsDown;
    }

    /// <inheritdoc/>
    public bool MayFeed(int slot, int chunks) => false;

    /// <inheritdoc/>
    public void OnWhole(TransferBody body) => Whole.Add(body.Data!);

    /// <inheritdoc/>
    public void OnGivenUp(TransferBody body) => GivenUp++;
}
