using System.Buffers.Binary;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.AntiEntropy.Sketch;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.AntiEntropy;

/// <content>Exchanges that this node began: what comes. Nothing of it is used before all of it is here.</content>
internal sealed partial class AntiEntropyProtocol
{
    private void TakeOffer(in Peer from, ulong nonce, ref WireReader reader)
    {
        if (!Varint.TryRead(ref reader, out var number) || (PullMode)reader.ReadByte() is var mode
            && !Varint.TryRead(ref reader, out var length))
        {
            Counters.Malformed++;
        }
        else if (!TryFindPull(from, nonce, out var map, out var pull) || number != pull.OfferNumber
            || pull.Step is not (PullStep.Offer or PullStep.Rows))
        {
            Counters.Strays++;
        }
        else if (mode != pull.Mode && !(number == 0 && IsByContext(pull.Mode) && mode == PullMode.Sketch))
        {
            CutMalformed(map, pull);
        }
        else if (length > (ulong)(_options.MaximumExchangeBytes - pull.Bytes))
        {
            Counters.TooLarge++;
            Cut(map, pull, EndReason.TooLarge);
        }
        else
        {
            pull.Mode = mode;
            pull.FirstPieceTime = _context.Now - pull.AskedAt;
            pull.Bytes += (long)length;
            pull.Intake = new Intake((long)length, pull.FirstPieceTime);
            if (length == 0 || !pull.Intake.Take(0, reader.Rest, _context.Now))
            {
                CutMalformed(map, pull);
            }
            else if (pull.Intake.IsComplete)
            {
                TakeAll(map, pull);
            }
            else
            {
                GoOn(map, pull, PullStep.Pieces);
            }
        }
    }

    private void TakePiece(in Peer from, ulong nonce, ref WireReader reader)
    {
        if (!Varint.TryRead(ref reader, out var number) || !Varint.TryRead(ref reader, out var offset))
        {
            Counters.Malformed++;
        }
        else if (!TryFindPull(from, nonce, out var map, out var pull) || number != pull.OfferNumber
            || pull.Step != PullStep.Pieces || offset > long.MaxValue
            || !pull.Intake!.Take((long)offset, reader.Rest, _context.Now))
        {
            Counters.Strays++;
        }
        else if (pull.Intake.IsComplete)
        {
            TakeAll(map, pull);
        }
        else
        {
            (pull.Tries, pull.LastCame, pull.RetryAt) = (0, _context.Now, _context.Now + PieceTime(pull));
            FetchMore(pull);
        }
    }

    /// <summary>All that was offered is here.</summary>
    private void TakeAll(SharedMap map, PullExchange pull)
    {
        var bytes = pull.Intake!.ToBytes();
        if (pull.OfferNumber > 0)
        {
            TakeRows(map, pull, bytes);
        }
        else if (IsByContext(pull.Mode))
        {
            TakeDifference(map, pull, bytes);
        }
        else
        {
            TakeSummary(map, pull, bytes);
        }
    }

    private void TakeDifference(SharedMap map, PullExchange pull, byte[] bytes)
    {
        var isBrief = pull.Mode == PullMode.Brief;
        if (!DifferenceCodec.TryRead(
            bytes, pull.Told, isBrief ? _replicas.Digester : null, out var difference, pull.Parts,
            _replicas.MostEntries))
        {
            CutMalformed(map, pull);
            if (isBrief)
            {
                // Two epochs may have one name.
                BeginPull(map, pull.Peer, PullMode.Context);
            }

            return;
        }

        CountRows(pull, difference.Rows.Count);
        var rows = map.Replica.Count;
        var done = map.Replica.ApplyDifference(difference);
        End(map, pull, done, rows);
    }

    private void TakeSummary(SharedMap map, PullExchange pull, byte[] bytes)
    {
        var reader = new WireReader(bytes);
        if (!SummaryCodec.TryRead(ref reader, pull.Peer.Id, out var summary, _replicas.MostEntries))
        {
            CutMalformed(map, pull);
            return;
        }

        // Nothing that follows from it is told, so it need not be durable.
        var snapshot = map.Replica.OpenSnapshot(pull.Mode == PullMode.Sketch);
        (pull.Snapshot, pull.Session) = (snapshot, map.Replica.BeginExchange(summary));
        pull.Sum = snapshot.Summary.Root;
        switch (pull.Mode)
        {
            case PullMode.Sketch when SketchLimits.IsTooLarge(
                (ulong)Math.Abs((long)summary.Rows - snapshot.Summary.Rows), _options.SketchCells):
                TakeDigestsInstead(map, pull);
                break;
            case PullMode.Sketch:
                pull.PeerItems = summary.Rows;
                pull.Decoder = new SketchDecoder(
                    snapshot.Sketch!, _replicas.SketchKey, CheckBytes, _options.SketchCells);
                TakeCells(map, pull, ref reader);
                break;
            case PullMode.Digests:
                TakeDigests(map, pull, reader.Rest);
                break;
            default:
                TakeWhole(map, pull, ref reader);
                break;
        }
    }

    private void TakeChunk(in Peer from, ulong nonce, ref WireReader reader)
    {
        if (!TryFindPull(from, nonce, out var map, out var pull) || pull.Step != PullStep.Cells)
        {
            Counters.Strays++;
            return;
        }

        TakeCells(map, pull, ref reader);
    }

    private void TakeCells(SharedMap map, PullExchange pull, ref WireReader reader)
    {
        var decoder = pull.Decoder!;
        if (!SketchCodec.TryReadHead(ref reader, decoder.MostCells, out var head) || head.CheckBytes != CheckBytes
            || head.Items != pull.PeerItems)
        {
            CutMalformed(map, pull);
            return;
        }

        if (head.First != decoder.Taken)
        {
            Counters.Strays++;
            return;
        }

        for (var i = 0; i < head.Count && decoder.Progress == SketchProgress.NeedsCells; i++)
        {
            if (!SketchCodec.TryReadCell(ref reader, head, head.First + i, out var cell))
            {
                CutMalformed(map, pull);
                return;
            }

            decoder.Take(cell);
        }

        if (decoder.Progress == SketchProgress.NeedsCells)
        {
            GoOn(map, pull, PullStep.Cells);
        }
        else if (decoder.Progress == SketchProgress.GaveUp)
        {
            TakeDigestsInstead(map, pull);
        }
        else
        {
            Stage(map, pull, decoder.OnlyMine, decoder.OnlyTheirs);
        }
    }

    /// <summary>Too much differs for the sketch.</summary>
    private void TakeDigestsInstead(SharedMap map, PullExchange pull)
    {
        Close(map, pull);
        TellEnd(pull, EndReason.TooLarge);
        BeginPull(map, pull.Peer, PullMode.Digests);
    }

    private void TakeDigests(SharedMap map, PullExchange pull, ReadOnlySpan<byte> symbols)
    {
        if (symbols.Length != (long)pull.Session!.Peer.Rows * sizeof(ulong))
        {
            CutMalformed(map, pull);
            return;
        }

        var (theirs, wanted) = (new HashSet<ulong>(pull.Session.Peer.Rows), new List<ulong>());
        for (; !symbols.IsEmpty; symbols = symbols[sizeof(ulong)..])
        {
            var symbol = BinaryPrimitives.ReadUInt64BigEndian(symbols);
            if (theirs.Add(symbol) && !map.Replica.TryFind(pull.Snapshot!, symbol, out _, out _))
            {
                wanted.Add(symbol);
            }
        }

        Stage(map, pull, MineBut(map, theirs), wanted);
    }

    /// <summary>The whole map of a peer.</summary>
    private void TakeWhole(SharedMap map, PullExchange pull, ref WireReader reader)
    {
        if (!DifferenceCodec.TryReadRows(ref reader, pull.Session!.Peer.Context, out var rows)
            || rows.Count != pull.Session.Peer.Rows)
        {
            CutMalformed(map, pull);
            return;
        }

        CountRows(pull, rows.Count);
        var theirs = new HashSet<ulong>(rows.Count);
        foreach (var row in rows)
        {
            var digest = map.Replica.DigestOf(row);
            theirs.Add((ulong)digest);
            if (!map.Replica.TryFind(pull.Snapshot!, (ulong)digest, out _, out _))
            {
                pull.Session.AddTheirs(row);
                pull.Sum = unchecked(pull.Sum + digest);
            }
        }

        Stage(map, pull, MineBut(map, theirs), []);
    }

    private static List<ulong> MineBut(SharedMap map, HashSet<ulong> theirs) =>
        [.. map.Replica.Rows.Select(static row => row.Symbol).Where(symbol => !theirs.Contains(symbol))];

    /// <summary>What differs is known: stages the one half, and asks for the other.</summary>
    private void Stage(SharedMap map, PullExchange pull, IReadOnlyList<ulong> mine, IReadOnlyList<ulong> wanted)
    {
        foreach (var symbol in mine)
        {
            if (!map.Replica.TryFind(pull.Snapshot!, symbol, out var claim, out var digest))
            {
                Cut(map, pull, EndReason.Changed);
                return;
            }

            pull.Session!.AddMine(claim);
            pull.Sum = unchecked(pull.Sum - digest);
        }

        pull.Wanted = wanted;
        AskForRows(map, pull);
    }

    private void AskForRows(SharedMap map, PullExchange pull)
    {
        if (pull.WantedCame < pull.Wanted.Count)
        {
            pull.OfferNumber++;
            GoOn(map, pull, PullStep.Rows);
            return;
        }

        var (rows, done) = (map.Replica.Count, false);
        if (pull.Sum != pull.Session!.Peer.Root)
        {
            // Not one row may be taken or dropped: a symbol stood for something else, or the peer is not what it says.
            Counters.RootMismatches++;
        }
        else
        {
            done = !pull.Snapshot!.IsVoid && map.Replica.Complete(pull.Session);
        }

        End(map, pull, done, rows);
    }

    private void TakeRows(SharedMap map, PullExchange pull, byte[] bytes)
    {
        var reader = new WireReader(bytes);
        var wanted = Math.Min(pull.Wanted.Count - pull.WantedCame, MapFrame.MostWanted);
        if (!DifferenceCodec.TryReadRows(ref reader, pull.Session!.Peer.Context, out var rows)
            || rows.Count != wanted)
        {
            CutMalformed(map, pull);
            return;
        }

        CountRows(pull, rows.Count);
        foreach (var row in rows)
        {
            var digest = map.Replica.DigestOf(row);
            if ((ulong)digest != pull.Wanted[pull.WantedCame++])
            {
                CutMalformed(map, pull);
                return;
            }

            pull.Session.AddTheirs(row);
            pull.Sum = unchecked(pull.Sum + digest);
        }

        AskForRows(map, pull);
    }
}
