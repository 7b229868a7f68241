namespace Hearsay.Protocols;

/// <summary>The exchanges this node begins.</summary>
internal sealed partial class AggregationProtocol
{
    /// <summary>
    /// A partner that waits for the next epoch refuses; so many others may be tried in the same cycle.
    /// </summary>
    private const int PartnersPerCycle = 3;

    /// <summary>How many further leaders an answer may bring: the request is made so much longer.</summary>
    private const int LeadersToLearn = 8;

    private void BeginExchange(IProtocolContext context, int partners)
    {
        if (!context.Peers.TryGetPeer(out var peer))
        {
            _foundNobody = true;
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

    private void Ask(IProtocolContext context, in Peer peer)
    {
        var exchange = new PendingExchange
        {
            Id = NextId(context),
            Partner = peer,
            SentAt = context.Now,
            RepeatAt = Instant.Never,
            IsAsk = true,
        };
        _pending.Add(exchange);
        var writer = new WireWriter(_buffer);
        HeaderOf(context, exchange.Id).Write(ref writer);
        // Room for definitions in the answer, which may not be longer than this.
        writer.WriteZeros(AggregationMessage.DatagramBytes - writer.Position);
        context.Send(peer, AggregationMessage.Ask, writer.Written);
    }

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

        if (others > 0 && _clock.IsOpen(context.Now))
        {
            BeginExchange(context, others);
        }
    }

    /// <returns>The length of the body.</returns>
    private int SendRequest(IProtocolContext context, in PendingExchange exchange)
    {
        var writer = new WireWriter(_buffer);
        var header = HeaderOf(context, exchange.Id);
        (header with { Flags = exchange.Tries > 1 ? AggregationHeader.Flag : (byte)0 }).Write(ref writer);
        _leaders.Write(ref writer);
        writer.WriteLength(_table.Slots.Length);
        foreach (var slot in _table.Slots)
        {
            WriteSection(ref writer, slot);
        }

        // The answer has one more byte, may want a definition, and may bring leaders not known here.
        var toLearn = Math.Min(LeadersToLearn, _leaders.Capacity - _leaders.Count);
        writer.WriteZeros(1 + sizeof(ulong) + (toLearn * LeaderMap.EntryBytes));
        context.Send(exchange.Partner, AggregationMessage.Request, writer.Written);
        return writer.Position;
    }

    private static void WriteSection(ref WireWriter writer, AggregateSlot slot)
    {
        writer.WriteUInt64(slot.Id);
        writer.WriteByte((byte)Math.Min(slot.UnusedEpochs, byte.MaxValue));
        if (!slot.IsActive)
        {
            writer.WriteLength(0);
            return;
        }

        // The length is not known before: two bytes are left, which may hold a short one too.
        var start = writer.Position;
        writer.WriteUInt16(0);
        slot.State.WriteRequest(ref writer);
        PatchLength(ref writer, start);
    }

    private static void PatchLength(ref WireWriter writer, int start)
    {
        if (!writer.Failed)
        {
            writer.Patch(start, (ushort)(0x8000 | (writer.Position - start - sizeof(ushort))));
        }
    }

    private void OnInformation(
        IProtocolContext context, in Peer from, in AggregationHeader header, WireReader reader)
    {
        var place = _pending.Find(header.Id, from.Id);
        if (place < 0)
        {
            Counters.StrayAnswers++;
            return;
        }

        var exchange = _pending.Open[place];
        _pending.Remove(place);
        SendDefinitions(context, exchange.Partner, ref reader);
        LearnAll(ref reader);
        if (header.IsFlagged && header.Epoch > 0)
        {
            Hear(context, from.Id, header);
        }

        if (!exchange.IsAsk)
        {
            Counters.Refused++;
            if (exchange.PartnersLeft > 0 && _clock.IsOpen(context.Now))
            {
                BeginExchange(context, exchange.PartnersLeft);
            }
        }
    }

    /// <summary>A partner of this node's choice told its epoch.</summary>
    private void Hear(IProtocolContext context, NodeId from, in AggregationHeader header)
    {
        if (_clock.Phase == EpochPhase.Joining)
        {
            _heard.Add(from, header.Epoch, header.Elapsed, context.Now);
        }
        else if (_clock.IsFar(header.Epoch))
        {
            HearFar(context, from, header);
        }
        else
        {
            _heard.Clear();
            Follow(context, header);
        }
    }

    private void OnAnswer(IProtocolContext context, in Peer from, in AggregationHeader header, WireReader reader)
    {
        var place = _pending.Find(header.Id, from.Id);
        if (place < 0 || _pending.Open[place].IsAsk || !IsPresent(header.Epoch))
        {
            Counters.StrayAnswers++;
            return;
        }

        if (!AreSections(reader, hasAge: false))
        {
            Counters.Malformed++;
            return;
        }

        var exchange = _pending.Open[place];
        Settle(place);
        _heard.Clear();
        _clock.Align(header.Elapsed, context.Now);
        Counters.Completed++;
        if (exchange.Tries == 1)
        {
            _roundTrip.Measured(context.Now - exchange.SentAt);
        }

        ApplySections(ref reader);
        ApplyLeaders(ref reader);
        SendDefinitions(context, exchange.Partner, ref reader);
    }

    /// <summary>An answer is applied once.</summary>
    private void Settle(int place)
    {
#if HEARSAY_DEFECTS
        if (AggregationDefects.Has(AggregationDefect.AnswerAppliedTwice))
        {
            return;
        }

#endif
        _pending.Remove(place);
    }

    private bool IsPresent(long epoch)
    {
#if HEARSAY_DEFECTS
        if (AggregationDefects.Has(AggregationDefect.OldAnswerApplied))
        {
            return true;
        }

#endif
        return epoch == _clock.Epoch && _clock.Phase == EpochPhase.Running;
    }

    private void ApplySections(ref WireReader reader)
    {
        var count = reader.ReadLength();
        for (var i = 0; i < count; i++)
        {
            var slot = _table.Find(reader.ReadUInt64());
            var state = reader.ReadBytes(reader.ReadLength());
            if (slot is not { IsActive: true } || !slot.TryApply(state))
            {
                Counters.StatesRefused++;
            }
        }
    }

    private void ApplyLeaders(ref WireReader reader)
    {
        var before = _leaders.Estimate().Size;
        if (_leaders.TryApply(ref reader))
        {
            _leaderDisagreement.Add(before, _leaders.Estimate().Size);
        }
        else
        {
            Counters.StatesRefused++;
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
