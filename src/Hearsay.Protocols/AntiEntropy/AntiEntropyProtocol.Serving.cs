using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.AntiEntropy.Sketch;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.AntiEntropy;

/// <content>Exchanges in which this node answers.</content>
internal sealed partial class AntiEntropyProtocol
{
    /// <summary>How many events that a peer lacks are looked at before the sketch is taken.</summary>
    private const int MostDots = 65_536;

    private const int CheckBytes = sizeof(ulong);

    /// <summary>After this silence an exchange gives way to another one.</summary>
    private static readonly TimeSpan s_mayGiveWay = TimeSpan.FromSeconds(5);

    /// <summary>After this silence an exchange is forgotten.</summary>
    private static readonly TimeSpan s_forgotten = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many exchanges are prepared a second, for each that may be open: to prepare one may cost as much as the map
    /// is long.
    /// </summary>
    private const int PreparedPerSecond = 4;

    /// <summary>To look at so many folded epochs takes as long as to prepare an exchange.</summary>
    private const int FoldedPerPreparation = 4_096;

    private readonly List<ServedExchange> _served = [];

    /// <summary>Offers of what is not durable yet.</summary>
    private readonly List<(Peer To, ServedExchange Offer)> _held = [];
    private Instant _second;
    private double _prepared;

    private void Serve(in Peer from, ulong nonce, ref WireReader reader)
    {
        if (!TryReadName(ref reader, out var name) || (PullMode)reader.ReadByte() is var mode && (reader.Failed
            || mode is < PullMode.Context or > PullMode.Brief))
        {
            Counters.Malformed++;
            return;
        }

        var (told, brief) = (CausalContext.Empty, BriefTold.Nothing);
        var isHere = _maps.TryGetValue(name, out var map);
        if (mode == PullMode.Brief && isHere && !MayRead(map!, reader))
        {
            Counters.Refused++;
            SendEnd(from, nonce, EndReason.Busy);
            return;
        }

        if (mode switch
        {
            PullMode.Context => !ContextCodec.TryRead(ref reader, out told, _replicas.MostEntries),
            PullMode.Brief => !BriefContext.TryRead(ref reader, isHere
                ? map!.Replica.Context : CausalContext.Empty, _replicas.Digester, out brief, _replicas.MostEntries),
            _ => false,
        })
        {
            Counters.Malformed++;
            return;
        }

        told = mode == PullMode.Brief ? brief.Known : told;
        if (FindServed(from, nonce) is { } again)
        {
            SendOffer(from, again);
            return;
        }

        if (map is null)
        {
            SendEnd(from, nonce, EndReason.Unknown);
        }
        else if (!brief.IsWhole)
        {
            SendFolds(from, nonce, map, brief.Parts.Bits);
        }
        else if (IsByContext(mode) && IsOnItsWay(map, told))
        {
            SendEnd(from, nonce, EndReason.OnItsWay);
        }
        else if (!MayPrepare() || !MakeRoom(from, name))
        {
            Counters.Refused++;
            SendEnd(from, nonce, EndReason.Busy);
        }
        else if (Prepare(map, from.Id, nonce, mode, told, brief) is { } prepared)
        {
            Counters.ExchangesServed++;
            if (!IsForgottenAtOnce(prepared.Mode, prepared.Offered.Length))
            {
                _served.Add(prepared);
            }

            SendOffer(from, prepared);
        }
        else
        {
            SendEnd(from, nonce, EndReason.Changed);
        }
    }

    /// <summary>One offer is all that there is. If it is lost the peer asks anew.</summary>
    private static bool IsForgottenAtOnce(PullMode mode, long length) =>
        IsByContext(mode) && length <= MapFrame.PieceBytes;

    /// <summary>What is offered at first; null if there is nothing that may be claimed now.</summary>
    private ServedExchange? Prepare(
        SharedMap map, NodeId peer, ulong nonce, PullMode mode, CausalContext told, BriefTold brief)
    {
        var (replica, rows) = (map.Replica, map.Replica.Count);
        if (IsByContext(mode))
        {
            if (replica.TryDiffer(told, MostDots, out var difference))
            {
                return new ServedExchange(peer, nonce, map.Name)
                {
                    Mode = mode, LastAsked = _context.Now, Commit = replica.Committed,
                    Offered = new Served(
                        DifferenceCodec.HeadOf(difference, mode == PullMode.Brief ? brief : null, _replicas.Digester),
                        [.. difference.Rows]),
                };
            }

            mode = PullMode.Sketch;
        }

        var read = new List<MapRow>();
        if (mode == PullMode.Snapshot && !TryReadAll(replica, read))
        {
            Settle(map, rows);
            return null;
        }

        // A damaged row may have been met: what is claimed now must be durable before it is told.
        if (!Settle(map, rows))
        {
            return null;
        }

        var snapshot = map.Replica.OpenSnapshot(mode == PullMode.Sketch);
        var head = WireEncodings.ToBytes((ref WireWriter writer) =>
        {
            SummaryCodec.Write(ref writer, snapshot.Summary);
            if (mode == PullMode.Sketch)
            {
                SketchCodec.WriteChunk(ref writer, snapshot.Sketch!, 0, SketchLimits.LeastChunk, CheckBytes);
            }
            else if (mode == PullMode.Digests)
            {
                WriteSymbols(ref writer, map.Replica);
            }
        });
        return new ServedExchange(peer, nonce, map.Name)
        {
            Mode = mode, LastAsked = _context.Now, Commit = map.Replica.Committed, Snapshot = snapshot,
            Offered = new Served(head, read),
        };
    }

    private static void WriteSymbols(ref WireWriter writer, MapReplica replica)
    {
        foreach (var row in replica.Rows)
        {
            writer.WriteUInt64(row.Symbol);
        }
    }

    private static bool TryReadAll(MapReplica replica, List<MapRow> rows)
    {
        rows.EnsureCapacity(replica.Count);
        foreach (var entry in replica.Rows)
        {
            if (!replica.TryRead(entry.Claim, out var row))
            {
                return false;
            }

            rows.Add(row);
        }

        return true;
    }

    private void ServePiece(in Peer from, ulong nonce, ref WireReader reader)
    {
        if (!Varint.TryRead(ref reader, out var number) || !Varint.TryRead(ref reader, out var offset))
        {
            Counters.Malformed++;
        }
        else if (FindServed(from, nonce) is not { } served)
        {
            SendEnd(from, nonce, EndReason.Unknown);
        }
        else if (number != served.OfferNumber || offset >= (ulong)served.Offered.Length)
        {
            Counters.Strays++;
        }
        else
        {
            var writer = new WireWriter(_buffer);
            writer.WriteUInt64(nonce);
            Varint.Write(ref writer, number);
            Varint.Write(ref writer, offset);
            WriteBytes(ref writer, served.Offered, (long)offset);
            Send(from, MapFrame.Piece, ref writer);
        }
    }

    private void ServeCells(in Peer from, ulong nonce, ref WireReader reader)
    {
        if (!Varint.TryRead(ref reader, out var first) || !Varint.TryRead(ref reader, out var count))
        {
            Counters.Malformed++;
        }
        else if (FindServed(from, nonce)?.Snapshot?.Sketch is not { } sketch)
        {
            SendEnd(from, nonce, EndReason.Unknown);
        }
        else if (first >= (ulong)sketch.Cells.Length)
        {
            SendEnd(from, nonce, EndReason.TooLarge);
        }
        else
        {
            var writer = new WireWriter(_buffer);
            writer.WriteUInt64(nonce);
            SketchCodec.WriteChunk(
                ref writer, sketch, (int)first, (int)Math.Min(count, (ulong)sketch.Cells.Length), CheckBytes);
            Send(from, MapFrame.Chunk, ref writer);
        }
    }

    private void ServeRows(in Peer from, ulong nonce, ref WireReader reader)
    {
        if (!Varint.TryRead(ref reader, out var number)
            || !DotCodec.TryReadCount(ref reader, sizeof(ulong), MapFrame.MostWanted, out var count) || count == 0)
        {
            Counters.Malformed++;
            return;
        }

        if (FindServed(from, nonce) is not { Snapshot: { } snapshot } served
            || !_maps.TryGetValue(served.Name, out var map))
        {
            SendEnd(from, nonce, EndReason.Unknown);
            return;
        }

        if (number == served.OfferNumber + 1)
        {
            var before = map.Replica.Count;
            var rows = new List<MapRow>(count);
            for (; count > 0 && map.Replica.TryRead(snapshot, reader.ReadUInt64(), out var row); count--)
            {
                rows.Add(row);
            }

            if (!Settle(map, before) || count > 0 || snapshot.IsVoid)
            {
                Forget(served);
                SendEnd(from, nonce, EndReason.Changed);
                return;
            }

            (served.OfferNumber, served.Offered) = (number, new Served([], rows));
        }

        if (number == served.OfferNumber)
        {
            SendOffer(from, served);
        }
        else
        {
            Counters.Strays++;
        }
    }

    /// <summary>Sends an offer when all of it is durable.</summary>
    private void SendOffer(in Peer to, ServedExchange served)
    {
        if (_maps.TryGetValue(served.Name, out var map) && !map.Replica.IsDurable(served.Commit))
        {
            Hold(to, served);
            return;
        }

        var writer = new WireWriter(_buffer);
        writer.WriteUInt64(served.Nonce);
        Varint.Write(ref writer, served.OfferNumber);
        writer.WriteByte((byte)served.Mode);
        Varint.Write(ref writer, (ulong)served.Offered.Length);
        WriteBytes(ref writer, served.Offered, 0);
        Send(to, MapFrame.Offer, ref writer);
    }

    private void Hold(in Peer to, ServedExchange served)
    {
        var nonce = served.Nonce;
        if (_held.Exists(one => one.Offer.Nonce == nonce))
        {
            return;
        }

        if (_held.Count < _options.MaximumExchanges)
        {
            _held.Add((to, served));
        }
        else
        {
            Counters.Refused++;
            Forget(served);
            SendEnd(to, nonce, EndReason.Busy);
        }
    }

    /// <summary>Sends the offers of a map that are durable now.</summary>
    private void SendHeld(SharedMap map)
    {
        for (var i = 0; i < _held.Count; i++)
        {
            var (to, served) = _held[i];
            if (served.Name == map.Name && map.Replica.IsDurable(served.Commit))
            {
                _held.RemoveAt(i--);
                SendOffer(to, served);
            }
        }
    }

    private static void WriteBytes(ref WireWriter writer, Served served, long offset)
    {
        var count = (int)Math.Min(MapFrame.PieceBytes, served.Length - offset);
        if (writer.TryTake(count, out var into))
        {
            served.Read(offset, into);
        }
    }

    private void SendEnd(in Peer to, ulong nonce, EndReason reason)
    {
        var writer = new WireWriter(_buffer);
        writer.WriteUInt64(nonce);
        writer.WriteByte((byte)reason);
        Send(to, MapFrame.End, ref writer);
    }
}
