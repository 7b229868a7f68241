using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.AntiEntropy.Sketch;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.AntiEntropy;

/// <content>Exchanges that this node began: what it asks for, and again if nothing comes.</content>
internal sealed partial class AntiEntropyProtocol
{
    /// <summary>How many pieces are asked for at a time.</summary>
    private const int Window = 16;

    /// <summary>After so many times what the first piece took without any piece, those that do not come were lost.
    /// </summary>
    private const int PiecePatience = 2;

    /// <summary>How often something is asked for again before the exchange is given up.</summary>
    private const int MostTries = 4;

    /// <summary>
    /// How many cells are asked for at least: as many as a datagram holds, so that a small difference needs few round
    /// trips.
    /// </summary>
    private const int LeastCells = 64;

    /// <summary>Pieces are long, and none is asked for again while it may be on its way.</summary>
    private static readonly TimeSpan s_leastPieceTime = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    /// <summary>Other questions than for pieces are short, and little is lost if one is asked twice.</summary>
    private static readonly TimeSpan s_retryAsk = TimeSpan.FromMilliseconds(250);

    /// <summary>An exchange of which nothing came for so long gives way to one with another peer.</summary>
    private static readonly TimeSpan s_stalled = TimeSpan.FromSeconds(2);

    /// <summary>The maps with an exchange of this node, by its number.</summary>
    private readonly SortedDictionary<ulong, SharedMap> _pulls = [];

    private void BeginPull(SharedMap map, in Peer peer, PullMode mode)
    {
        if (map.Pull is { } before && before.Peer.Id != peer.Id && _context.Now - before.LastCame >= s_stalled)
        {
            Cut(map, before, EndReason.Changed);
        }

        if (map.Pull is { } goesOn && goesOn.Peer.Id != peer.Id)
        {
            map.NextPull = (peer, mode);
        }

        if (map.Pull is not null || _pulls.Count >= _options.MaximumExchanges || map.Replica.Told is not { } told)
        {
            return;
        }

        var pull = new PullExchange(peer, _context.Random.NextUInt64() | 1, mode)
        {
            Told = told.Context, RootBefore = map.Replica.Root, LastCame = _context.Now,
            Parts = FoldParts.Of(told.Context),
        };
        (map.Pull, map.NextPull) = (pull, null);
        _pulls.Add(pull.Nonce, map);
        Counters.ExchangesBegun++;
        Ask(map, pull);
    }

    /// <summary>Asks for what the exchange waits for.</summary>
    private void Ask(SharedMap map, PullExchange pull)
    {
        var pause = pull.Step == PullStep.Pieces ? PieceTime(pull) : s_retryAsk;
        pull.RetryAt = _context.Now + (pause * (1 << pull.Tries));
        pull.AskedAt = _context.Now;
        var writer = new WireWriter(_buffer);
        writer.WriteUInt64(pull.Nonce);
        switch (pull.Step)
        {
            case PullStep.Offer:
                SendAsk(map, pull, ref writer);
                break;
            case PullStep.Pieces:
                pull.Intake!.AskAgain();
                FetchMore(pull);
                break;
            case PullStep.Cells:
                var decoder = pull.Decoder!;
                Varint.Write(ref writer, (ulong)decoder.Taken);
                Varint.Write(ref writer, (ulong)Math.Min(
                    Math.Max(LeastCells, SketchLimits.NextChunk(decoder.Taken, decoder.MostCells)),
                    decoder.MostCells - decoder.Taken));
                Send(pull.Peer, MapFrame.Cells, ref writer);
                break;
            default:
                var wanted = Math.Min(pull.Wanted.Count - pull.WantedCame, MapFrame.MostWanted);
                Varint.Write(ref writer, pull.OfferNumber);
                Varint.Write(ref writer, (ulong)wanted);
                for (var i = 0; i < wanted; i++)
                {
                    writer.WriteUInt64(pull.Wanted[pull.WantedCame + i]);
                }

                Send(pull.Peer, MapFrame.Want, ref writer);
                break;
        }
    }

    private static bool IsByContext(PullMode mode) => mode is PullMode.Context or PullMode.Brief;

    /// <summary>After this silence a piece was lost, or what asked for it.</summary>
    private static TimeSpan PieceTime(PullExchange pull) => TimeSpan.FromTicks(
        Math.Clamp(PiecePatience * pull.FirstPieceTime.Ticks, s_leastPieceTime.Ticks, s_retry.Ticks));

    private void SendAsk(SharedMap map, PullExchange pull, ref WireWriter writer)
    {
        WriteName(ref writer, map.NameBytes);
        var start = writer.Position;
        writer.WriteByte((byte)pull.Mode);
        var isTold = pull.Mode != PullMode.Brief
            || BriefContext.TryWrite(ref writer, pull.Told, pull.Parts, _replicas.Digester);
        if (!isTold)
        {
            writer.Rewind(start);
            pull.Mode = PullMode.Context;
            writer.WriteByte((byte)pull.Mode);
        }

        if (pull.Mode == PullMode.Context)
        {
            ContextCodec.Write(ref writer, pull.Told);
        }

        if (writer.Failed)
        {
            // A context of thousands of epochs does not fit a frame. The sketch does without.
            writer.Rewind(start);
            pull.Mode = PullMode.Sketch;
            writer.WriteByte((byte)pull.Mode);
        }

        Send(pull.Peer, MapFrame.Ask, ref writer);
    }

    /// <summary>Asks for pieces that were lost and for the next ones, as many as may be under way.</summary>
    private void FetchMore(PullExchange pull)
    {
        while (pull.Intake!.TryAsk(Window, _context.Now, out var offset))
        {
            var writer = new WireWriter(_buffer);
            writer.WriteUInt64(pull.Nonce);
            Varint.Write(ref writer, pull.OfferNumber);
            Varint.Write(ref writer, (ulong)offset);
            Send(pull.Peer, MapFrame.Fetch, ref writer);
        }
    }

    private void RetryPulls()
    {
        foreach (var map in _pulls.Values.ToArray())
        {
            var pull = map.Pull!;
            if (pull.RetryAt > _context.Now)
            {
                continue;
            }

            if (pull.Tries++ >= MostTries)
            {
                Cut(map, pull, EndReason.Changed);
                continue;
            }

            _context.Unanswered(pull.Peer);
            Ask(map, pull);
        }
    }

    /// <summary>Something that was asked for has come; asks for the next.</summary>
    private void GoOn(SharedMap map, PullExchange pull, PullStep step)
    {
        (pull.Step, pull.Tries, pull.LastCame) = (step, 0, _context.Now);
        Ask(map, pull);
    }

    /// <summary>The exchange comes to no end: as if it had never begun.</summary>
    private void Cut(SharedMap map, PullExchange pull, EndReason reason)
    {
        Counters.ExchangesCut++;
        Close(map, pull);
        TellEnd(pull, reason);
    }

    /// <summary>The peer may forget the exchange, unless it has done so already.</summary>
    private void TellEnd(PullExchange pull, EndReason reason)
    {
        if (pull.Intake is { } intake && !IsForgottenAtOnce(pull.Mode, intake.Length))
        {
            SendEnd(pull.Peer, pull.Nonce, reason);
        }
    }

    private void Close(SharedMap map, PullExchange pull)
    {
        if (pull.Session is { } session)
        {
            map.Replica.Abort(session);
        }

        if (pull.Snapshot is { } snapshot)
        {
            map.Replica.Close(snapshot);
        }

        _pulls.Remove(pull.Nonce);
        map.Pull = null;
    }

    /// <summary>The store failed: nothing that exchanges have assumed holds any more.</summary>
    private void ForgetExchanges(SharedMap map)
    {
        if (map.Pull is { } pull)
        {
            (pull.Session, pull.Snapshot) = (null, null);
            Cut(map, pull, EndReason.Changed);
        }

        _served.RemoveAll(one => one.Name == map.Name);
        foreach (var (to, held) in _held.Where(one => one.Offer.Name == map.Name).ToArray())
        {
            _held.Remove((to, held));
            SendEnd(to, held.Nonce, EndReason.Changed);
        }
    }

    private bool TryFindPull(in Peer from, ulong nonce, out SharedMap map, out PullExchange pull)
    {
        if (_pulls.TryGetValue(nonce, out map!) && map.Pull!.Peer.Id == from.Id)
        {
            pull = map.Pull;
            return true;
        }

        pull = null!;
        return false;
    }

    private void TakeEnd(in Peer from, ulong nonce, ref WireReader reader)
    {
        var reason = (EndReason)reader.ReadByte();
        if (reader.Failed)
        {
            Counters.Malformed++;
        }
        else if (TryFindPull(from, nonce, out var map, out var pull))
        {
            var isOnItsWay = reason == EndReason.OnItsWay && pull.Step == PullStep.Offer && IsByContext(pull.Mode);
            Counters.LeftToBroadcast += isOnItsWay ? 1 : 0;
            Counters.ExchangesCut += isOnItsWay ? 0 : 1;
            Close(map, pull);
            if (isOnItsWay)
            {
                Compared(map);
                if (map.NextPull is { } next)
                {
                    BeginPull(map, next.Peer, next.Mode);
                }
            }

            if (reason == EndReason.TooLarge && pull.Mode == PullMode.Sketch)
            {
                BeginPull(map, from, PullMode.Digests);
            }
        }
        else if (FindServed(from, nonce) is { } served)
        {
            Forget(served);
        }
        else
        {
            Counters.Strays++;
        }
    }
}
