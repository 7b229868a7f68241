using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.States;

namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>What answers bring to the side that asked.</summary>
internal sealed partial class AggregationProtocol
{
    /// <summary>Counts as the word of the partner that was asked, under whatever id it answers.</summary>
    private void OnInformation(IProtocolContext context, in AggregationHeader header, WireReader reader)
    {
        var place = _pending.Find(header.Id);
        if (place < 0)
        {
            Counters.StrayAnswers++;
            return;
        }

        var exchange = _pending.Open[place];
        _pending.Remove(place);
        var size = new NetworkSizeEstimate(reader.ReadDouble(), reader.ReadDouble(), IsWhole: false);
        HearSize(exchange.Partner.Id, size);
        SendDefinitions(context, exchange.Partner, ref reader);
        if (exchange.Kind == ExchangeKind.Ask)
        {
            LearnAll(exchange.Partner.Id, null, ref reader);
        }

        if (header.IsFlagged && header.Epoch > 0)
        {
            Hear(context, exchange.Partner.Id, header);
        }
        else
        {
            _asked.Ignorant++;
        }

        if (exchange.Kind == ExchangeKind.Exchange)
        {
            Counters.Refused++;
            if (exchange.PartnersLeft > 0 && _clock.IsOpenToLate(context.Now))
            {
                BeginExchange(context, exchange.PartnersLeft);
            }
        }
    }

    private void OnAnswer(IProtocolContext context, in AggregationHeader header, WireReader reader)
    {
        var place = _pending.Find(header.Id);
        if (place < 0 || _pending.Open[place].Kind == ExchangeKind.Ask || !IsPresent(header.Epoch))
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
        if (exchange.Tries == 1)
        {
            _roundTrip.Measured(context.Now - exchange.SentAt);
        }

        ApplySections(context.Now, ref reader);
        NoteAbsences(exchange.Kind);
        Counters.Completed += exchange.Kind == ExchangeKind.Exchange ? 1 : 0;
        if (_clock.Phase == EpochPhase.Waiting)
        {
            SkipLeaders(ref reader);
        }
        else
        {
            (_hasExchanged, _isFounder) = (true, false);
            ApplyLeaders(ref reader);
        }

        SendDefinitions(context, exchange.Partner, ref reader);
    }

    /// <summary>An answer is applied once.</summary>
    private void Settle(int place)
    {
        _pending.Remove(place);
    }

    private bool IsPresent(long epoch)
    {
        return epoch == _clock.Epoch && _clock.Phase != EpochPhase.Joining;
    }

    private void ApplySections(Instant now, ref WireReader reader)
    {
        var count = reader.ReadLength();
        for (var i = 0; i < count; i++)
        {
            var slot = _table.Find(reader.ReadUInt64());
            var part = (AggregatePart)reader.ReadByte();
            var state = reader.ReadBytes(reader.ReadLength());
            if (slot is null || !TryApplySection(slot, part, state, now))
            {
                Counters.StatesRefused++;
            }
        }
    }

    private void NoteAbsences(ExchangeKind kind)
    {
        foreach (var slot in _table.Slots)
        {
            if (kind == ExchangeKind.Exchange)
            {
                slot.NoteAbsence();
            }
        }
    }

    /// <summary>
    /// Answers count for the part that asked; a look is for those that have no part from the beginning. While there is
    /// time for that they take part too, with nothing of their own: a sum is right only if all nodes do.
    /// </summary>
    private bool TryApplySection(
        AggregateSlot slot, AggregatePart part, ReadOnlySpan<byte> state, Instant now)
    {
        if (slot.IsActive && slot.Part == part)
        {
            return slot.TryApply(state);
        }

        if (slot.Part == AggregatePart.Early && part != AggregatePart.None && _clock.IsOpenToRelays(now))
        {
            slot.Begin(AggregatePart.Whole, now);
            RequestValue(slot);
            return true;
        }

        if (part != AggregatePart.Looking)
        {
            return part == AggregatePart.Whole && state.IsEmpty;
        }

        var reader = new WireReader(state);
        var error = reader.ReadDouble();
        return !reader.Failed && slot.TryLook(error, reader.Rest, now);
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
}
