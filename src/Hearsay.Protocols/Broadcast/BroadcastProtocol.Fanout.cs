using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Node.Guard;

namespace Hearsay.Protocols.Broadcast;

/// <content>
/// Infect and die. A message may come from any node and over no link. If it comes from an address that has not proven
/// itself, it waits until the address has. Otherwise one datagram with a forged source would make this node send
/// <see cref="BroadcastOptions.Fanout"/> datagrams, and the repair would bring the message to everybody else. While an
/// input is handled, no more may be sent than came in. So messages are forwarded right afterwards, to peers of this
/// node's own choice.
/// </content>
internal sealed partial class BroadcastProtocol
{
    /// <summary>The most messages that wait to be sent on; those that come meanwhile are delivered and go no further.
    /// </summary>
    private const int FanoutCapacity = 64;

    /// <summary>The most that wait for a proof, and of one address.</summary>
    private const int UnprovenCapacity = 64;

    private const int MostOfOneAddress = 16;

    /// <summary>How long they wait: a proof takes a round trip.</summary>
    private static readonly TimeSpan ProofTime = TimeSpan.FromSeconds(1);

    private readonly Queue<BroadcastId> _toFanOut = [];
    private readonly HeldPackets _unproven = new(ProofTime, UnprovenCapacity, MostOfOneAddress);

    /// <summary>When the messages that wait are sent on.</summary>
    private Instant FanoutAt => _toFanOut.Count > 0 ? Now : Instant.Never;

    /// <inheritdoc/>
    void IProtocol.OnProven(IProtocolContext context, in NodeAddress address)
    {
        if (_options.Mode != BroadcastMode.Fanout)
        {
            return;
        }

        _sender = NodeId.None;
        try
        {
            while (_unproven.TryTake(address, Now, out var message))
            {
                Dispatch(-1, BroadcastFrame.Message, message);
            }
        }
        finally
        {
            FinishInput();
        }
    }

    private void KeepUntilProven(in NodeAddress source, ReadOnlySpan<byte> message) =>
        Counters.NotSentOn += _unproven.Add(source, message, Now);

    private void FanOutSoon(long place)
    {
        if (_toFanOut.Count < FanoutCapacity)
        {
            _toFanOut.Enqueue(_store[place].Id);
        }
        else
        {
            Counters.NotSentOn++;
        }
    }

    private void FanOut()
    {
        while (_toFanOut.TryDequeue(out var id))
        {
            if (_store.TryFind(id, out var place) && _store[place].IsHeld)
            {
                PushToSampled(place);
            }
        }
    }

    private void PushToSampled(long place)
    {
        var count = _context!.Peers.GetPeers(_fanout);
        foreach (ref readonly var peer in _fanout.AsSpan(0, count))
        {
            SendMessage(peer, 0, place, 0);
        }
    }
}
