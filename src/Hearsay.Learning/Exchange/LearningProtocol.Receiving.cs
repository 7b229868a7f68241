using System.Buffers.Binary;
using Hearsay.Learning.State;
using Hearsay.Protocols;

namespace Hearsay.Learning.Exchange;

/// <content>What comes from others.</content>
internal sealed partial class LearningProtocol
{
    /// <summary>More requests than that in a cycle come from nodes that do not keep to theirs.</summary>
    private const int MaximumPullsPerCycle = 128;

    private readonly UnprovenModels _unproven;

    /// <summary>The newest model that came during an update.</summary>
    private readonly byte[] _inbox;
    private int _mailLength;
    private bool _hasMail;

    /// <summary>Peers that were asked in this cycle and have not answered.</summary>
    private readonly NodeId[] _asked;
    private int _askedCount;
    private uint _number;
    private int _pullsAnswered;

    /// <summary>Who sent in this period; null where it does not matter.</summary>
    private readonly SendersOfPeriod? _senders;

    private void OnModel(IProtocolContext context, in Peer from, ReadOnlySpan<byte> body)
    {
        var counters = _state!.Counters;
        if (_options.Robust == RobustForm.Nearest)
        {
            counters.Unasked++;
        }
        else if (context.MustProve(out var source))
        {
            counters.Unproven += _unproven.Hold(source, from, LearningFrame.Model, body) ? 1 : 0;
        }
        else
        {
            UseOrKeep(context, from, body);
        }
    }

    /// <summary>Whether a peer has not sent too many models in this period.</summary>
    private bool MaySend(in Peer from)
    {
        var may = _senders?.TryCount(from.Id) != false;
        _state!.Counters.TooOften += may ? 0 : 1;
        return may;
    }

    /// <inheritdoc/>
    public void OnProven(IProtocolContext context, in NodeAddress address)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!_unproven.TryTake(address, out var from, out var type, out var message))
        {
            return;
        }

        if (type == LearningFrame.Offer)
        {
            UseOffer(from, message);
        }
        else
        {
            UseOrKeep(context, from, message);
        }

        Arm(context);
    }

    /// <summary>
    /// Whether a model can be used at once. During an update it has to wait, except where models of a cycle are only
    /// added up: the update does not touch their sum.
    /// </summary>
    private bool MayUse => !_state!.IsUpdating || _options.Mode == MergeMode.EqualAverage;

    private void UseOrKeep(IProtocolContext context, in Peer from, ReadOnlySpan<byte> body)
    {
        var counters = _state!.Counters;
        if (!MaySend(from))
        {
            return;
        }

        if (MayUse)
        {
            Use(context, body);
        }
        else if (body.Length > _inbox.Length)
        {
            counters.Malformed++;
        }
        else
        {
            counters.Overtaken += _hasMail ? 1 : 0;
            body.CopyTo(_inbox);
            (_mailLength, _hasMail, _largeMail) = (body.Length, true, null);
        }
    }

    private void Use(IProtocolContext context, ReadOnlySpan<byte> message)
    {
        var state = _state!;
        if (state.Receive(message, out var header, out var isUseful, ref context.Random) != MessageRefusal.None
            || _options.Mode == MergeMode.EqualAverage)
        {
            return;
        }

        var sends = _accounts[header.Part].OnModel(isUseful, ref context.Random);
        (_sendsLeft, _partToSend) = (sends, header.Part);
        if (_options.Mode == MergeMode.UpdateMerge)
        {
            Send(context, _sendsLeft, _partToSend);
            _sendsLeft = 0;
            return;
        }

        state.BeginUpdate();
        Learn(context);
    }

    private void Ask(IProtocolContext context)
    {
        _number++;
        _askedCount = context.Peers.GetPeers(_peers.AsSpan(0, _options.Pulls));
        Span<byte> body = stackalloc byte[LearningFrame.NumberBytes];
        BinaryPrimitives.WriteUInt32BigEndian(body, _number);
        for (var i = 0; i < _askedCount; i++)
        {
            _asked[i] = _peers[i].Id;
            context.Send(_peers[i], LearningFrame.Pull, body);
        }
    }

    private void OnPull(IProtocolContext context, in Peer from, ReadOnlySpan<byte> body)
    {
        var state = _state!;
        if (body.Length != LearningFrame.NumberBytes)
        {
            state.Counters.Malformed++;
        }
        else if (context.MustProve(out _) || _pullsAnswered >= MaximumPullsPerCycle)
        {
            state.Counters.PullsRefused++;
        }
        else
        {
            _pullsAnswered++;
            if (_sendsLarge)
            {
                AnswerLarge(context, from, BinaryPrimitives.ReadUInt32BigEndian(body));
                return;
            }

            body.CopyTo(_buffer);
            var length = state.Write(0, _buffer.AsSpan(LearningFrame.NumberBytes), ref context.Random);
            context.Send(from, LearningFrame.Answer, _buffer.AsSpan(0, LearningFrame.NumberBytes + length));
        }
    }

    private void OnAnswer(in Peer from, ReadOnlySpan<byte> body)
    {
        var place = _asked.AsSpan(0, _askedCount).IndexOf(from.Id);
        if (body.Length < LearningFrame.NumberBytes)
        {
            _state!.Counters.Malformed++;
        }
        else if (place < 0 || BinaryPrimitives.ReadUInt32BigEndian(body) != _number)
        {
            _state!.Counters.Unasked++;
        }
        else
        {
            // An update under way is none of its business: what was asked for is mixed in before the next.
            _asked[place] = _asked[--_askedCount];
            _state!.Gather(body[LearningFrame.NumberBytes..]);
        }
    }
}
