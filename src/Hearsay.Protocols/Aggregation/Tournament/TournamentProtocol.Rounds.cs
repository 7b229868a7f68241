using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;

namespace Hearsay.Protocols.Aggregation.Tournament;

/// <summary>The rounds of a tournament: pulls and their answers.</summary>
internal sealed partial class TournamentProtocol
{
    /// <summary>How often one peer is asked for one value before another is asked in its place.</summary>
    private const int TriesPerPeer = 6;

    /// <summary>
    /// How often one peer may say "not yet" before another is asked in its place: about three cycles. Without it, one
    /// that says so for ever would keep everybody who asks it from a result.
    /// </summary>
    private const int NotYetsPerPeer = 12;

    private Peer[]? _guess;

    /// <summary>How far a tournament may go at this moment.</summary>
    private void Advance(TournamentSlot slot)
    {
        var elapsed = _time.Elapsed(Context.Now);
        if (slot.Round < 0)
        {
            var isTime = elapsed >= GivingCycles * Options.CycleTime
                && (slot.HasContributed || Context.Now - slot.Begun >= Options.CycleTime);
            if (!isTime)
            {
                return;
            }

            slot.Start(Epochs.Size?.Size ?? Options.FirstSizeGuess ?? GuessSize());
        }
        else if (slot.AllPulled && elapsed >= StartOf(slot.Round + 1))
        {
            slot.Play(ref Context.Random);
            if (slot.IsDone)
            {
                Counters.Completed++;
                Sink?.OnEstimate(slot.Id, slot.Read(_time, Context.Now));
                return;
            }
        }

        // The others look at the clock as often as this node: a look later all have begun the round.
        if (elapsed >= StartOf(slot.Round) + (Options.CycleTime / LooksPerCycle))
        {
            PullAll(slot);
        }
    }

    /// <summary>When a round begins, in the time of the epoch.</summary>
    private TimeSpan StartOf(int round) => (GivingCycles + round) * Options.CycleTime;

    private void PullAll(TournamentSlot slot)
    {
        for (var place = 0; place < slot.Pulls.Length; place++)
        {
            ref var pull = ref slot.Pulls[place];
            var waits = pull is { Tries: > 0, IsGivenUp: false } && Context.Now - pull.SentAt < _roundTrip.Timeout;
            if (pull.IsDone || waits)
            {
                continue;
            }

            if ((pull.Partner.Id.IsNone || pull.IsGivenUp || pull.Tries >= TriesPerPeer) && !TryChoose(slot, place))
            {
                continue;
            }

            SendPull(slot, ref pull);
        }
    }

    private bool TryChoose(TournamentSlot slot, int place)
    {
        ref var pull = ref slot.Pulls[place];
        if (!Context.Peers.TryGetPeer(out var peer))
        {
            if (!double.IsNaN(slot.Value))
            {
                // Nobody else is there: all values are this node's.
                slot.Take(place, slot.Value);
            }

            return false;
        }

        pull = new TournamentPull { Partner = peer, Id = NewId() };
        return true;
    }

    private void SendPull(TournamentSlot slot, ref TournamentPull pull)
    {
        Counters.Pulls++;
        if (pull.Tries > 0)
        {
            Counters.Retries++;
            Context.Unanswered(pull.Partner);
        }

        (pull.SentAt, pull.Tries) = (Context.Now, pull.Tries + 1);
        var writer = new WireWriter(Buffer);
        Header(pull.Id).Write(ref writer);
        writer.WriteUInt64(slot.Id);
        writer.WriteByte((byte)slot.Round);
        writer.WriteZeros(TournamentMessage.Bytes - writer.Position);
        Context.Send(pull.Partner, TournamentMessage.Pull, writer.Written);
    }

    private void OnPull(in AggregationHeader header, ref WireReader reader)
    {
        var (id, round) = (reader.ReadUInt64(), reader.ReadByte());
        var slot = Table.Find(id);
        var (status, value) = (TournamentMessage.None, 0.0);
        var isPresent = header.Epoch == _time.Number && header.Epoch > 0;
        Counters.EpochsRefused += isPresent ? 0 : 1;
        if (slot is not null && isPresent)
        {
            status = slot.Answer(round, out value);
        }

        Counters.Answered += status == TournamentMessage.Value ? 1 : 0;
        Counters.NotYet += status == TournamentMessage.NotYet ? 1 : 0;
        Counters.None += status == TournamentMessage.None ? 1 : 0;
        var writer = new WireWriter(Buffer);
        Header(header.Id).Write(ref writer);
        writer.WriteUInt64(id);
        writer.WriteByte(round);
        writer.WriteByte(status);
        writer.WriteDouble(value);
        Context.Reply(TournamentMessage.Answer, writer.Written);
    }

    private void OnAnswer(NodeId from, in AggregationHeader header, ref WireReader reader)
    {
        var slot = Table.Find(reader.ReadUInt64());
        var (round, status, value) = (reader.ReadByte(), reader.ReadByte(), reader.ReadDouble());
        var place = slot is null ? -1 : Find(slot, header.Id, round);
        if (slot is null || place < 0 || (status == TournamentMessage.Value && header.Epoch != _time.Number))
        {
            Counters.Stray++;
            return;
        }

        ref var pull = ref slot.Pulls[place];
        if (pull.Partner.Id != from)
        {
            // Another node lives at that address. Its value is not taken: whoever names it under many ids would give
            // it the weight of many.
            Counters.Stray++;
            Context.Unanswered(pull.Partner);
            pull.IsGivenUp = true;
            return;
        }

        if (status == TournamentMessage.NotYet && ++pull.NotYets < NotYetsPerPeer)
        {
            // It lives: it is asked again, in the next look.
            pull.Tries = 1;
            return;
        }

        if (status != TournamentMessage.Value || !slot.IsValid(value))
        {
            Counters.Refused += status == TournamentMessage.Value ? 1 : 0;
            pull.IsGivenUp = true;
            return;
        }

        if (pull.Tries == 1)
        {
            _roundTrip.Measured(Context.Now - pull.SentAt);
        }

        slot.Take(place, value);
    }

    /// <summary>
    /// The open pull that an answer belongs to, or -1. Its id is enough, which nobody knows but who was sent it.
    /// </summary>
    private static int Find(TournamentSlot slot, ulong id, byte round)
    {
        for (var place = 0; place < slot.Pulls.Length; place++)
        {
            ref readonly var pull = ref slot.Pulls[place];
            if (!pull.IsDone && pull.Id == id && round == slot.Round)
            {
                return place;
            }
        }

        return -1;
    }

    private AggregationHeader Header(ulong id) => new(
        id, _time.Number, _time.Number > 0 ? _time.Elapsed(Context.Now) : TimeSpan.Zero, 0);

    /// <summary>As push-pull guesses it: views hold some tens of peers, and every second hop is somebody new.</summary>
    private double GuessSize()
    {
        var known = (double)Context.Peers.GetPeers(_guess ??= new Peer[32]);
        return Math.Max(1.0, known * known);
    }
}
