using System.Buffers.Binary;
using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Repair;
using Hearsay.Protocols.Broadcast.Store;

namespace Hearsay.Protocols.Broadcast;

/// <content>
/// The answers to neighbours that request messages, within the budget of the input and of the neighbour.
/// </content>
internal sealed partial class BroadcastProtocol
{
    private readonly AnswerBudget _budget = new();

    private bool TakeWant(int slot, ReadOnlySpan<byte> body)
    {
        if (!IsFirstOfKind(BroadcastFrame.Want))
        {
            Counters.AnswersRefused++;
            return true;
        }

        Span<byte> gone = stackalloc byte[BroadcastFrame.MaximumBodyBytes];
        var goneBytes = 0;
        for (; body.Length >= BroadcastId.SizeBytes && slot >= 0; body = body[BroadcastId.SizeBytes..])
        {
            var id = BroadcastId.Read(body);
            if (_store.TryFind(id, out var place) && IsHeld(place))
            {
                Counters.PullsAnswered += MayAnswer(slot, place) && Answer(slot, place) ? 1 : 0;
            }
            else if (_missing.TryFind(id, out var waiting))
            {
                _missing[waiting].Wanters |= 1u << slot;
            }
            else
            {
                Counters.PullsRefused++;
                if (goneBytes + BroadcastId.SizeBytes <= gone.Length)
                {
                    id.Write(gone[goneBytes..]);
                    goneBytes += BroadcastId.SizeBytes;
                }
            }
        }

        if (goneBytes > 0)
        {
            SendControl(slot, BroadcastFrame.Gone, gone[..goneBytes]);
        }

        return body.IsEmpty;
    }

    /// <summary>Whether a request is the first of its kind in its packet; of others nothing is taken.</summary>
    private bool IsFirstOfKind(byte type) => _budget.TryBegin(_context!.PacketNumber, type);

    /// <summary>Whether a neighbour may be sent a message that it asked for: once in answer to one packet.</summary>
    private bool MayAnswer(int slot, long place)
    {
        ref var message = ref _store[place];
        if (message.AnsweredIn == _context!.PacketNumber)
        {
            Counters.AnswersRefused++;
            return false;
        }

        var may = MayAnswer(slot, message.Length);
        message.AnsweredIn = may ? _context.PacketNumber : message.AnsweredIn;
        return may;
    }

    /// <summary>Whether a neighbour may be sent so many bytes more that it asked for.</summary>
    private bool MayAnswer(int slot, int bytes)
    {
        var may = _budget.Allows(bytes) && _links[slot].MayAnswer(Now, bytes);
        _budget.Take(may ? bytes : 0);
        Counters.AnswersRefused += may ? 0 : 1;
        return may;
    }
}
