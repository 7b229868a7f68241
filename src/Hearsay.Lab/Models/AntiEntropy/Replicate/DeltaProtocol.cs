using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Wire;

namespace Hearsay.Lab.Models.AntiEntropy.Replicate;

/// <summary>
/// Delta CRDTs over the links of the neighbours: a buffer with acknowledgements for each of them, of which everything
/// that is not acknowledged is sent again and again, joined (Enes, Almeida, Baquero, Leitão, "Efficient Synchronization
/// of State-based CRDTs", 2019). A new neighbour gets the state.
/// </summary>
/// <remarks>
/// <code>
/// group    link number 8, number of the first delta varint, how many are joined varint, rows varint, rows, events seen
/// got      link number 8, number of the next delta varint
/// </code>
/// </remarks>
/// <param name="neighbours">The links.</param>
/// <param name="isBprr">
/// Whether a delta does not go back to the neighbour that it came from (BP), and only what is new of it goes on (RR).
/// </param>
internal sealed class DeltaProtocol(NeighboursProtocol neighbours, bool isBprr) : IProtocol, INeighbourObserver
{
    private const byte Group = 1;
    private const byte Got = 2;
    private const int MostBytes = 60_000;

    /// <summary>A group is cut where its rows and events may take so many bytes.</summary>
    private const int FullBytes = 40_000;

    /// <summary>Groups for one neighbour at a time.</summary>
    private const int MostGroups = 16;

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private readonly DeltaLink?[] _links = new DeltaLink?[32];
    private readonly byte[] _buffer = new byte[MostBytes];
    private IProtocolContext _context = null!;
    private EpochId? _epoch;
    private ulong _sequence;

    /// <inheritdoc/>
    public byte Id => 128;

    /// <summary>The map.</summary>
    public DeltaState State { get; } = new();

    /// <summary>Rows that came, again and again.</summary>
    public long RowsReceived { get; private set; }

    /// <summary>Bytes of frames that came.</summary>
    public long BytesReceived { get; private set; }

    /// <inheritdoc/>
    public void Start(IProtocolContext context)
    {
        _context = context;
        context.Schedule(context.Random.Between(TimeSpan.Zero, s_interval), 0);
    }

    /// <inheritdoc/>
    public void OnCommand(IProtocolContext context, object command)
    {
        if (command is DeltaWriteCommand write)
        {
            _epoch ??= new EpochId(context.Self.Id, context.Random.NextUInt64());
            var dot = new Dot(_epoch.Value, ++_sequence);
            var delta = State.DeltaOf(write.Change, dot, write.Stamp);
            State.Join(delta);
            PassOn(delta, except: -1);
            write.Done(dot);
        }
    }

    /// <inheritdoc/>
    public void OnDue(IProtocolContext context, long token)
    {
        for (var slot = 0; slot < neighbours.Capacity; slot++)
        {
            if ((neighbours.Up & (1u << slot)) != 0 && _links[slot] is { } link)
            {
                SendTo(neighbours[slot], link);
            }
        }

        context.Schedule(s_interval, 0);
    }

    /// <inheritdoc/>
    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        BytesReceived += body.Length;
        var reader = new WireReader(body);
        if (!neighbours.TryFind(from, reader.ReadUInt64(), out var slot) || slot < 0 || _links[slot] is not { } link
            || !Varint.TryRead(ref reader, out var number))
        {
            return;
        }

        neighbours.Heard(slot);
        if (type == Got)
        {
            link.Acknowledge((long)number);
        }
        else if (TryRead(ref reader, out var count, out var delta))
        {
            RowsReceived += delta.Rows.Count;
            Take(from, slot, link, (long)number, count, delta);
        }
    }

    /// <inheritdoc/>
    public void OnNeighbourUp(int slot)
    {
        _links[slot] = new DeltaLink(neighbours.LinkNumber(slot));
        _links[slot]!.Add(State);
    }

    /// <inheritdoc/>
    public void OnNeighbourDown(int slot, in Peer was) => _links[slot] = null;

    private void Take(in Peer from, int slot, DeltaLink link, long number, int count, MapDelta delta)
    {
        if (number > link.Expected)
        {
            return; // Something before it was lost, and comes again.
        }

        link.Expected = Math.Max(link.Expected, number + count);
        var news = State.Join(delta);
        if (!news.IsEmpty)
        {
            PassOn(isBprr ? news : delta, except: isBprr ? slot : -1);
        }

        var writer = new WireWriter(_buffer);
        writer.WriteUInt64(link.Number);
        Varint.Write(ref writer, (ulong)link.Expected);
        _context.Send(from, Got, writer.Written);
    }

    private void PassOn(MapDelta delta, int except)
    {
        for (var slot = 0; slot < _links.Length; slot++)
        {
            if (slot != except)
            {
                _links[slot]?.Add(delta);
            }
        }
    }

    private void SendTo(in Peer peer, DeltaLink link)
    {
        var at = 0;
        for (var i = 0; i < MostGroups && at < link.Waiting.Count; i++)
        {
            var (group, first) = (new DeltaState(), at);
            for (var bytes = 0; at < link.Waiting.Count && bytes < FullBytes; at++)
            {
                group.Join(link.Waiting[at]);
                bytes += BytesOf(link.Waiting[at]);
            }

            var writer = new WireWriter(_buffer);
            writer.WriteUInt64(link.Number);
            Varint.Write(ref writer, (ulong)(link.First + first));
            Write(ref writer, at - first, group.ToDelta());
            if (writer.Failed || !_context.Send(peer, Group, writer.Written))
            {
                break;
            }
        }
    }

    private static int BytesOf(MapDelta delta) =>
        delta.Rows.Sum(RowCodec.BytesOf) + delta.Seen.Open.Sum(static one => 32 + (6 * one.Value.Ranges.Length));

    private static void Write(ref WireWriter writer, int count, MapDelta delta)
    {
        Varint.Write(ref writer, (ulong)count);
        Varint.Write(ref writer, (ulong)delta.Rows.Count);
        foreach (var row in delta.Rows)
        {
            RowCodec.Write(ref writer, row);
        }

        ContextCodec.Write(ref writer, delta.Seen);
    }

    private static bool TryRead(ref WireReader reader, out int count, out MapDelta delta)
    {
        delta = null!;
        count = Varint.TryRead(ref reader, out var joined) ? (int)joined : 0;
        if (!DotCodec.TryReadCount(ref reader, RowCodec.LeastBytes, MostBytes, out var length))
        {
            return false;
        }

        var rows = new MapRow[length];
        for (var i = 0; i < length; i++)
        {
            if (!RowCodec.TryRead(ref reader, out rows[i]))
            {
                return false;
            }
        }

        var isRead = ContextCodec.TryRead(ref reader, out var seen);
        delta = new MapDelta(rows, seen);
        return isRead;
    }
}
