using System.Numerics;
using Hearsay.Protocols;
using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Simulation.Broadcast.Plumtree;

/// <summary>How a message that is announced and missing is fetched.</summary>
internal sealed partial class PlumtreeProtocol
{
    /// <summary>What is added to the time an answer takes before another neighbour is asked.</summary>
    private static readonly TimeSpan AnswerMargin = TimeSpan.FromMilliseconds(5);

    private void TakeNames(int slot, byte type, ReadOnlySpan<byte> body)
    {
        var entry = type == BroadcastFrame.Have ? BroadcastFrame.HaveBytes : BroadcastId.SizeBytes;
        for (; body.Length >= entry; body = body[entry..])
        {
            var id = BroadcastId.Read(body);
            switch (type)
            {
                case BroadcastFrame.Have when !_messages.ContainsKey(id):
                    OnAnnounced(id, slot);
                    break;
                case BroadcastFrame.Want:
                    OnWanted(id, slot);
                    break;
                case BroadcastFrame.Gone when _missing.TryGetValue(id, out var missing):
                    OnGone(missing, slot);
                    break;
            }
        }
    }

    private void OnAnnounced(in BroadcastId id, int slot)
    {
        if (!_missing.TryGetValue(id, out var missing))
        {
            missing = new PlumtreeMissing(id);
            _missing.Add(id, missing);
            AskAt(missing, Now + _options.GraftTimeout);
        }

        missing.Announcers |= 1u << slot;
    }

    private void OnWanted(in BroadcastId id, int slot)
    {
        if (_messages.TryGetValue(id, out var message) && message.AgeAt(Now) <= _options.Retention.Ticks)
        {
            Counters.PullsAnswered++;
            Send(slot, message, MessageFrame.Pulled);
        }
        else if (_missing.TryGetValue(id, out var missing))
        {
            missing.Wanters |= 1u << slot;
        }
        else
        {
            Counters.PullsRefused++;
            Span<byte> name = stackalloc byte[BroadcastId.SizeBytes];
            id.Write(name);
            SendControl(slot, BroadcastFrame.Gone, name);
        }
    }

    private void OnGone(PlumtreeMissing missing, int slot)
    {
        missing.Announcers &= ~(1u << slot);
        if (missing.AskedLast == slot)
        {
            Pull(missing);
        }
    }

    /// <summary>
    /// Asks the nearest announcer and grafts it; after a failure two at a time, and grafts no more.
    /// </summary>
    private void Pull(PlumtreeMissing missing)
    {
        var isFirst = missing.Pulls == 0;
        if (missing.Pulls >= _options.MaximumPulls || !TryAsk(missing))
        {
            Counters.PullsGivenUp++;
            _missing.Remove(missing.Id);
        }
        else if (isFirst)
        {
            _eager |= 1u << missing.AskedLast;
            SendTree(missing.AskedLast, BroadcastFrame.Graft);
        }
        else if ((missing.Announcers & ~missing.Asked & _neighbours.Up) != 0)
        {
            TryAsk(missing);
        }
    }

    private bool TryAsk(PlumtreeMissing missing)
    {
        var able = missing.Announcers & _neighbours.Up;
        missing.Asked = (able & ~missing.Asked) == 0 ? 0 : missing.Asked;
        var slot = Nearest(able & ~missing.Asked);
        if (slot < 0)
        {
            return false;
        }

        missing.Asked |= 1u << slot;
        missing.AskedLast = slot;
        missing.Pulls++;
        Counters.Pulls++;
        _wants[slot].Add(missing.Id);
        if (_wants[slot].IsFull)
        {
            Flush(slot, BroadcastFrame.Want, _wants[slot]);
        }

        AskAt(missing, Now + (_neighbours.RoundTrip(slot) * 1.1) + AnswerMargin);
        return true;
    }

    /// <summary>Of some neighbours the one with the shortest round trip, or -1.</summary>
    private int Nearest(uint slots)
    {
        var nearest = -1;
        for (; slots != 0; slots &= slots - 1)
        {
            var slot = BitOperations.TrailingZeroCount(slots);
            nearest = nearest < 0 || _neighbours.RoundTrip(slot) < _neighbours.RoundTrip(nearest) ? slot : nearest;
        }

        return nearest;
    }

    /// <summary>When a message is asked for next. What came meanwhile, or is asked for later, is passed over.</summary>
    private Instant NextDue()
    {
        while (_due.TryPeek(out var missing, out var due))
        {
            if (missing.Due.Ticks == due && _missing.GetValueOrDefault(missing.Id) == missing)
            {
                return missing.Due;
            }

            _due.Dequeue();
        }

        return Instant.Never;
    }

    private void AskAt(PlumtreeMissing missing, Instant due)
    {
        missing.Due = due;
        _due.Enqueue(missing, due.Ticks);
    }
}
