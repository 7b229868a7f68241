using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Reach;
using Hearsay.Protocols.Broadcast.Tree;

namespace Hearsay.Protocols.Broadcast;

/// <remarks>
/// A node that forwards messages keeps some for a neighbour that accepts none at the moment. While it keeps many, it
/// delays its own statement of what it has taken. So a slow part of the network slows the nodes that feed it, hop by
/// hop, up to the publisher. Each such delay is short, because nodes that wait for each other in a circle would wait
/// for ever. A link that takes nothing, or far less than the others, is left behind instead: see
/// <see cref="LinkPace"/>.
/// </remarks>
/// <content>
/// Flow control. Over each link, a node sends only as many messages as the other end accepts. The messages of the
/// application wait until the links accept them.
/// </content>
internal sealed partial class BroadcastProtocol
{
    /// <summary>The most messages that wait for one neighbour to take them.</summary>
    internal const int BacklogCapacity = 1024;

    /// <summary>How long an answer may be kept back because of others.</summary>
    private static readonly TimeSpan LongestPress = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan FlowTick = TimeSpan.FromMilliseconds(50);

    private readonly PublishQueue _publishes;
    private Instant _flowAt = Instant.Never;

    /// <summary>Links that messages go on without, by slot.</summary>
    private uint _behind;

    /// <summary>The link that is not waited for just now, to see what that gains.</summary>
    private uint _tested;

    /// <summary>Links for which much waits: it presses those that sent it.</summary>
    private uint _pressing;

    /// <summary>How many of the application's messages wait for the links.</summary>
    internal int PublishesWaiting => _publishes.Count;

    /// <summary>How many messages wait for a neighbour to take them, over all links. Any thread.</summary>
    internal int PushesWaiting
    {
        get
        {
            var waiting = 0;
            foreach (var link in _links)
            {
                waiting += link.Backlog.Count;
            }

            return waiting;
        }
    }

    /// <summary>Sends a message, or keeps it until the neighbour takes it.</summary>
    /// <param name="slot">To whom.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="flags">How it goes.</param>
    /// <param name="from">Over which link it came, which is then slowed if need be; or -1.</param>
    /// <returns>False if too many wait already.</returns>
    private bool Push(int slot, long place, byte flags, int from)
    {
        var link = _links[slot];
        if (link.Backlog.Count == 0 && link.Credit.IsOpen)
        {
            SendMessage(slot, place, flags);
            return true;
        }

        var most = link.Pace.IsTested ? BacklogCapacity : Math.Min(2 * link.Credit.Window, BacklogCapacity);
        if (link.Backlog.Count >= most)
        {
            return false;
        }

        Counters.PushesDelayed++;
        link.Backlog.Enqueue((place, flags));
        _pressing |= IsPressing(link) ? 1u << slot : 0;
        if (from >= 0)
        {
            _links[from].Feeds |= 1u << slot;
        }

        return true;
    }

    /// <summary>
    /// Sends a message that was asked for, unless the neighbour takes no more: an answer that waits comes when the
    /// question has been asked again.
    /// </summary>
    private bool TryAnswer(int slot, long place, byte flags)
    {
        var may = _links[slot].Credit.IsOpenForAnswers;
        Counters.AnswersRefused += may ? 0 : 1;
        if (may)
        {
            SendMessage(slot, place, flags);
        }

        return may;
    }

    /// <summary>A message went over a link.</summary>
    private void Charge(int slot)
    {
        var credit = _links[slot].Credit;
        credit.OnSent(Now);
        if (credit.WantsConfirmation)
        {
            Ask(slot);
        }
    }

    private void Ask(int slot)
    {
        var credit = _links[slot].Credit;
        credit.OnAsked(Now);
        SendCredit(slot, CreditReport.Asks);
        _flowAt = Instant.Min(_flowAt, credit.RetryAt(RoundTrip(slot)));
    }

    private void SendCredit(int slot, byte flags)
    {
        var (credit, intake) = (_links[slot].Credit, _links[slot].Intake);
        if (intake.Owes && Now >= AnswerAt(slot))
        {
            flags |= (byte)(CreditReport.Answers | (intake.PilesUp ? CreditReport.PilesUp : 0));
            intake.OnAnswered();
        }

        Span<byte> body = stackalloc byte[CreditReport.SizeBytes];
        new CreditReport(
            flags, credit.Sent, CreditReport.StampAt(Now), intake.Asked, intake.Stamp, intake.ArrivedThen).Write(body);
        SendControl(slot, BroadcastFrame.Credit, body);
    }

    private bool TakeCredit(int slot, ReadOnlySpan<byte> body)
    {
        if (slot < 0 || !CreditReport.TryRead(body, out var report))
        {
            return false;
        }

        if ((report.Flags & CreditReport.Answers) != 0)
        {
            var pilesUp = (report.Flags & CreditReport.PilesUp) != 0;
            Counters.LinkLosses += _links[slot].Credit.Confirm(
                report.Asked, report.Arrived, Now, report.Delay(Now), pilesUp);
            SendBacklog(slot);
        }

        if ((report.Flags & CreditReport.Asks) != 0 && !IsFirstOfKind(BroadcastFrame.Credit))
        {
            Counters.AnswersRefused++;
        }
        else if ((report.Flags & CreditReport.Asks) != 0)
        {
            _links[slot].Intake.OnAsked(report.Sent, report.Stamp, Now);
            AnswerIfMay(slot);
        }

        return true;
    }

    private void SendBacklog(int slot)
    {
        var link = _links[slot];
        while (link.Credit.IsOpen && link.Backlog.TryDequeue(out var next))
        {
            if (next.Place >= _store.FirstHeld)
            {
                SendMessage(slot, next.Place, next.Flags);
            }
        }

        NoteBacklog(slot);
    }

    /// <summary>A few that wait press nobody: a window that is small just now would slow whole trees.</summary>
    private static bool IsPressing(BroadcastLink link) =>
        link.Backlog.Count > Math.Max(link.Credit.Window, LinkCredit.FirstWindow) / 2;

    /// <summary>Fewer wait for a neighbour than before: who was kept waiting because of them is told.</summary>
    private void NoteBacklog(int slot)
    {
        var (bit, count) = (1u << slot, _links[slot].Backlog.Count);
        var released = (_pressing & bit) != 0 && (!IsPressing(_links[slot]) || (_tested & bit) != 0);
        _pressing &= released ? ~bit : uint.MaxValue;
        for (var other = 0; other < _links.Length && (released || count == 0); other++)
        {
            _links[other].Feeds &= count == 0 ? ~bit : uint.MaxValue;
            AnswerIfMay(other);
        }
    }

    /// <summary>
    /// When a neighbour may be told what came of its messages: at once, unless it sends more than may be taken, or what
    /// it sends piles up here for others.
    /// </summary>
    private Instant AnswerAt(int slot)
    {
        var link = _links[slot];
        var at = link.RoomAt(MostPerSecond);
        link.Intake.PilesUp |= (link.Feeds & _pressing & ~_tested) != 0;
        return (link.Feeds & _pressing & ~_tested) == 0 ? at : Instant.Max(at, link.Intake.OwesSince + LongestPress);
    }

    private void AnswerIfMay(int slot)
    {
        if (!_links[slot].Intake.Owes || !IsUp(slot))
        {
            return;
        }

        var at = AnswerAt(slot);
        if (Now >= at)
        {
            SendCredit(slot, 0);
        }
        else
        {
            _flowAt = Instant.Min(_flowAt, at);
        }
    }

    private void LookAfterFlow()
    {
        if (Now < _flowAt)
        {
            return;
        }

        _flowAt = Instant.Never;
        for (var rest = _neighbours.Up; rest != 0; rest &= rest - 1)
        {
            var slot = BitOperations.TrailingZeroCount(rest);
            AnswerIfMay(slot);
            var link = _links[slot];
            if (Now >= link.Credit.RetryAt(RoundTrip(slot)))
            {
                Ask(slot);
            }

            _flowAt = Instant.Min(_flowAt, link.Credit.RetryAt(RoundTrip(slot)));
            LookAfterPace(slot);
        }
    }

    private void LookAfterPace(int slot)
    {
        var (link, bit) = (_links[slot], 1u << slot);
        if (!link.Pace.IsBehind && !link.Pace.IsTested && link.Credit.FullSince == Instant.Never)
        {
            return;
        }

        _flowAt = Instant.Min(_flowAt, Now + FlowTick);
        link.Pace.Look(link.Credit, Now, _store.Next, (_tested & ~bit) == 0 && MostTakeMore());
        _tested = link.Pace.IsTested ? _tested | bit : _tested & ~bit;
        if (!link.Pace.IsBehind)
        {
            _behind &= ~bit;
        }
        else if ((_behind & bit) == 0)
        {
            Counters.LinksLeftBehind++;
            _behind |= bit;
            link.Backlog.Clear();
        }

        NoteBacklog(slot);
    }

    /// <summary>Whether of the links that are in use at least as many have room as have none.</summary>
    private bool MostTakeMore()
    {
        var balance = 0;
        for (var rest = _neighbours.Up & ~_behind; rest != 0; rest &= rest - 1)
        {
            var credit = _links[BitOperations.TrailingZeroCount(rest)].Credit;
            balance += credit.FullSince != Instant.Never ? -1
                : Now - credit.SentAt < LinkPace.LongestSilence ? 1 : 0;
        }

        return balance >= 0;
    }

    /// <summary>Publishes what the application gave, or keeps it until the links take it.</summary>
    private void PublishInTurn(PublishCommand publish)
    {
        if (_departure.HasBegun)
        {
            publish.Done?.Invoke(PublishOutcome.Leaving, default);
        }
        else if (_publishes.IsEmpty && MayPublish(_self) && MayTakeUp(publish))
        {
            Publish(publish);
        }
        else if (_publishes.TryAdd(publish))
        {
            Counters.PublishesDelayed++;
            _flowAt = Instant.Min(_flowAt, Now + FlowTick);
        }
        else
        {
            Counters.PublishesRefused++;
            publish.Done?.Invoke(PublishOutcome.Congested, default);
        }
    }

    private void PublishWhatWaits()
    {
        while (!_publishes.IsEmpty && MayPublish(_self) && MayTakeUp(_publishes.Next))
        {
            Publish(_publishes.Take());
        }

        if (!_publishes.IsEmpty)
        {
            var isPaced = _publishes.FreeAt > Now;
            _flowAt = Instant.Min(_flowAt, isPaced ? _publishes.FreeAt : Now + FlowTick);
        }
    }

    private void Publish(PublishCommand publish)
    {
        var outcome = PublishNow(
            publish.Topic.Span, publish.Payload.Span, out var id, publish.IsTracked, publish.Trace.Span);
        publish.Done?.Invoke(outcome, id);
        _reach.Find(id)?.Watch(publish.Reached);
        if (outcome == PublishOutcome.Published)
        {
            NotePublished(id, publish.Sent);
        }
    }

    private void Withdraw(PublishCommand publish)
    {
        if (_publishes.Withdraw(publish))
        {
            publish.Done?.Invoke(PublishOutcome.Withdrawn, default);
        }
    }

    /// <summary>Whether all links that a message of this node goes to take it, but for those left behind.</summary>
    private bool MayPublish(in SourceKey source)
    {
        var targets = PublishTargets(source);
        if (targets != 0 && (targets & ~_behind) == 0)
        {
            return Now >= _publishes.FreeAt;
        }

        for (var rest = targets & ~(_behind | _tested); rest != 0; rest &= rest - 1)
        {
            var link = _links[BitOperations.TrailingZeroCount(rest)];
            if (link.Backlog.Count > 0 || !link.Credit.IsOpen)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The neighbours that a message of this node is pushed to, by slot.</summary>
    private uint PublishTargets(in SourceKey source)
    {
        if (_options.Mode == BroadcastMode.Fanout)
        {
            return 0;
        }

        var children = _options.Mode is BroadcastMode.Auto or BroadcastMode.Tree
            ? (_sources.Find(source)?.Children ?? 0) & _neighbours.Up : 0;
        return children != 0 ? children : _neighbours.Up;
    }

    private void ForgetFlow(int slot)
    {
        var others = ~(1u << slot);
        (_behind, _tested, _pressing) = (_behind & others, _tested & others, _pressing & others);
        foreach (var link in _links)
        {
            link.Feeds &= others;
        }
    }
}
