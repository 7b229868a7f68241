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
            LearnAll(default, 0, ref reader);
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
            if (exchange.PartnersLeft > 0 && _clock.IsOpen(context.Now))
            {
                BeginExchange(context, exchange.PartnersLeft);
            }
        }
    }

    private void OnAnswer(IProtocolContext context, in AggregationHeader header, WireReader reader)
    {
        var place = _pending.Find(header.Id);
        var isLook = place >= 0 && _pending.Open[place].Kind == ExchangeKind.Look;
        if (place < 0 || _pending.Open[place].Kind == ExchangeKind.Ask || !IsPresent(header.Epoch, isLook))
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
        if (isLook)
        {
            SkipLeaders(ref reader);
        }
        else
        {
            Counters.Completed++;
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

    private bool IsPresent(long epoch, bool isLook)
    {
        return epoch == _clock.Epoch && _clock.Phase == (isLook ? EpochPhase.Waiting : EpochPhase.Running);
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

    /// <summary>
    /// Answers count for the part that asked; a look is for those that have no part from the beginning.
    /// </summary>
    private static bool TryApplySection(
        AggregateSlot slot, AggregatePart part, ReadOnlySpan<byte> state, Instant now)
    {
        if (part != AggregatePart.Looking)
        {
            return slot.IsActive && slot.Part == part && slot.TryApply(state);
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
