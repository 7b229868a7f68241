using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.States;
using Hearsay.Protocols.Node.Guard;

namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>The exchanges this node begins.</summary>
internal sealed partial class AggregationProtocol
{
    /// <summary>
    /// A partner that waits for the next epoch refuses; so many others may be tried in the same cycle.
    /// </summary>
    private const int PartnersPerCycle = 3;

    /// <summary>
    /// A node that waits for the next epoch is asked by nobody. It makes up for that, so that it has as many exchanges
    /// as others.
    /// </summary>
    private const int LateExchangesPerCycle = 2;

    /// <summary>How many further leaders an answer may bring: the request is made so much longer.</summary>
    private const int LeadersToLearn = 8;

    /// <summary>Part and length of a section.</summary>
    private const int PartBytes = 1 + sizeof(ushort);

    /// <summary>What follows the sections of a request.</summary>
    private const int TailBytes = 1 + (2 * sizeof(ulong)) + (LeadersToLearn * LeaderMap.EntryBytes);

    /// <summary>Where the next request begins in the list, if not all fit one.</summary>
    private int _firstSection;

    private void BeginExchange(IProtocolContext context, int partners)
    {
        if (!TryFindPartner(context, out var peer))
        {
            return;
        }

        _metSomebody = true;
        Counters.Started++;
        var wait = _roundTrip.Timeout;
        var exchange = new PendingExchange
        {
            Id = NextId(context),
            Partner = peer,
            SentAt = context.Now,
            RepeatAt = context.Now + wait,
            Wait = wait,
            Tries = 1,
            PartnersLeft = partners - 1,
        };
        Counters.Unsettled += _pending.Add(exchange) ? 0 : 1;
        var bytes = SendRequest(context, exchange);
        _pending.Open[^1].Waits = bytes > SendGuard.SmallBodyBytes && !context.HasAnswered(peer);
    }

    /// <summary>
    /// Who does not answer for so long that it may be dead is asked once a cycle already, by the exchange that is open:
    /// another with it would not be done before that one either. Nor would one with another id at its address.
    /// </summary>
    private bool TryFindPartner(IProtocolContext context, out Peer peer)
    {
        for (var tries = 0; tries < PartnersPerCycle; tries++)
        {
            if (!context.Peers.TryGetPeer(out peer))
            {
                _foundNobody = true;
                return false;
            }

            if (!_pending.IsSilent(peer, _options.Tries))
            {
                return true;
            }
        }

        peer = default;
        return false;
    }

    private void Ask(IProtocolContext context, in Peer peer)
    {
        var exchange = NewQuestion(context, peer, ExchangeKind.Ask);
        _pending.Add(exchange);
        var writer = new WireWriter(_buffer);
        HeaderOf(context, exchange.Id).Write(ref writer);
        // Room for definitions in the answer, which may not be longer than this.
        writer.WriteZeros(AggregationMessage.DatagramBytes - writer.Position);
        context.Send(peer, AggregationMessage.Ask, writer.Written);
    }

    /// <summary>
    /// A node that waits for the next epoch takes no part in what others have from the beginning of this one. It looks
    /// at that once a cycle, as far as its application wants it. What began late it exchanges like everybody. It asks
    /// for the network's size for as long as it knows none.
    /// </summary>
    private void LateCycle(IProtocolContext context)
    {
        if (Has(AggregatePart.Early) && _clock.IsOpenToLate(context.Now))
        {
            for (var i = 0; i < LateExchangesPerCycle; i++)
            {
                BeginExchange(context, PartnersPerCycle);
            }
        }
        else if (Has(AggregatePart.Looking) && context.Peers.TryGetPeer(out var shown))
        {
            var exchange = NewQuestion(context, shown, ExchangeKind.Look);
            _pending.Add(exchange);
            SendRequest(context, exchange);
        }

        if (_options.MeasuresNetworkSize && !_sizes.Best.IsUsable && context.Peers.TryGetPeer(out var asked))
        {
            Ask(context, asked);
        }
    }

    private bool Has(AggregatePart part)
    {
        foreach (var slot in _table.Slots)
        {
            if (slot.Part == part)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>It is not sent again: the next cycle asks somebody else.</summary>
    private PendingExchange NewQuestion(IProtocolContext context, in Peer peer, ExchangeKind kind) => new()
    {
        Id = NextId(context),
        Partner = peer,
        SentAt = context.Now,
        RepeatAt = Instant.Never,
        Tries = 1,
        Kind = kind,
    };

    /// <summary>Asks again whom it did not hear of; the answer to a repeated request changes nothing twice.</summary>
    private void RepeatRequests(IProtocolContext context)
    {
        var others = 0;
        foreach (ref var exchange in _pending.Open)
        {
            if (exchange.RepeatAt > context.Now)
            {
                continue;
            }

            context.Unanswered(exchange.Partner);
            exchange.Waits = exchange.Waits && !context.HasAnswered(exchange.Partner);
            if (exchange.Waits)
            {
                // Another takes its place. Should it answer after all, what waited is sent, and must be settled.
                others = Math.Max(others, exchange.PartnersLeft);
                (exchange.PartnersLeft, exchange.RepeatAt) = (0, context.Now + _options.CycleTime);
                continue;
            }

            if (!_options.RetryUntilSettled && exchange.Tries >= _options.Tries)
            {
                exchange.RepeatAt = Instant.Never;
                continue;
            }

            exchange.Tries++;
            Counters.Retries++;
            if (exchange.Tries > _options.Tries)
            {
                // It may be dead: not as often any more.
                exchange.Wait = TimeSpan.FromTicks(Math.Min(2 * exchange.Wait.Ticks, _options.CycleTime.Ticks));
            }

            exchange.RepeatAt = context.Now + exchange.Wait;
            SendRequest(context, exchange);
        }

        if (others > 0 && _clock.IsOpenToLate(context.Now))
        {
            BeginExchange(context, others);
        }
    }

    /// <returns>The length of the body.</returns>
    private int SendRequest(IProtocolContext context, in PendingExchange exchange)
    {
        var writer = new WireWriter(_buffer);
        var isLate = _clock.Phase == EpochPhase.Waiting;
        var flags = (exchange.Tries > 1 ? AggregationHeader.Flag : 0) | (isLate ? AggregationHeader.LateFlag : 0);
        (HeaderOf(context, exchange.Id) with { Flags = (byte)flags }).Write(ref writer);
        if (isLate)
        {
            writer.WriteByte(0);
        }
        else
        {
            _leaders.Write(ref writer);
        }

        WriteSections(ref writer);
        // The answer may want a definition, and may bring leaders not known here.
        var toLearn = isLate ? 0 : Math.Min(LeadersToLearn, _leaders.Capacity - _leaders.Count);
        writer.WriteZeros(AggregationMessage.WantBytes(1) + (toLearn * LeaderMap.EntryBytes));
        if (isLate || Has(AggregatePart.Looking))
        {
            // What is looked at is not in the request: the answer needs room of its own.
            writer.WriteZeros(Math.Max(0, AggregationMessage.DatagramBytes - writer.Position));
        }

        context.Send(exchange.Partner, AggregationMessage.Request, writer.Written);
        return writer.Position;
    }

    /// <summary>All aggregates by name, and as many states as there is room for: the next request goes on there.
    /// </summary>
    private void WriteSections(ref WireWriter writer)
    {
        var slots = _table.Slots;
        writer.WriteUInt16((ushort)(0x8000 | slots.Length));
        var leftOut = -1;
        for (var i = 0; i < slots.Length; i++)
        {
            var place = (int)((uint)(_firstSection + i) % (uint)slots.Length);
            var rest = ((slots.Length - i - 1) * AggregationMessage.SectionHeadBytes) + TailBytes;
            if (!TryWriteSection(ref writer, slots[place], rest) && leftOut < 0)
            {
                leftOut = place;
            }
        }

        _firstSection = leftOut < 0 ? _firstSection : leftOut;
    }

    /// <summary>Writes a section, without its state if there is no room for that.</summary>
    /// <returns>False if there was none.</returns>
    private static bool TryWriteSection(ref WireWriter writer, AggregateSlot slot, int rest)
    {
        slot.IsAsked = false;
        writer.WriteUInt64(slot.Id);
        writer.WriteByte((byte)Math.Min(slot.UnusedEpochs, byte.MaxValue));
        var head = writer.Position;
        // Who only passes on what others want sends what there is, and no more than its share.
        if (slot.IsActive && (slot.IsLocal || !slot.State.IsBlank))
        {
            WritePart(ref writer, slot.Part);
            slot.State.WriteRequest(ref writer);
            var bytes = writer.Position - head - PartBytes;
            var (fits, isAllowed) = (!writer.Failed && writer.Room >= rest, slot.IsLocal || bytes <= slot.Allowance);
            if (fits && isAllowed)
            {
                slot.Allowance -= bytes;
                slot.IsAsked = true;
                PatchLength(ref writer, head + 1);
                return true;
            }

            writer.Rewind(head);
            WritePart(ref writer, AggregatePart.None);
            return fits;
        }

        WritePart(ref writer, slot.IsActive ? AggregatePart.None : slot.Part);
        return true;
    }

    /// <summary>The length is not known before: it is patched, if it is not zero.</summary>
    private static void WritePart(ref WireWriter writer, AggregatePart part)
    {
        writer.WriteByte((byte)part);
        writer.WriteUInt16(0x8000);
    }

    private static void PatchLength(ref WireWriter writer, int start)
    {
        if (!writer.Failed)
        {
            writer.Patch(start, (ushort)(0x8000 | (writer.Position - start - sizeof(ushort))));
        }
    }

    private AggregationHeader HeaderOf(IProtocolContext context, ulong id)
    {
        var knows = _clock.Phase != EpochPhase.Joining;
        return new AggregationHeader(
            id, knows ? _clock.Epoch : 0, knows ? _clock.Elapsed(context.Now) : TimeSpan.Zero,
            knows ? AggregationHeader.Flag : (byte)0);
    }

    private ulong NextId(IProtocolContext context) => SeededRandom.Mix(context.Random.NextUInt64() ^ _idKey);
}
