using System.Buffers.Binary;
using Hearsay.Protocols;

namespace Hearsay.Learning.Exchange;

/// <content>Models that are too long for a frame. They are offered, and fetched in chunks.</content>
internal sealed partial class LearningProtocol
{
    /// <summary>Whether the models that this node sends are too long for a frame.</summary>
    private readonly bool _sendsLarge;

    /// <summary>The longest message that another node may have.</summary>
    private readonly int _longestBytes;

    /// <summary>The models that go and come in chunks; null if none is as long.</summary>
    private ModelTransfers? _large;

    /// <summary>The newest model that came during an update, if it came in chunks.</summary>
    private byte[]? _largeMail;

    /// <summary>The models that go and come in chunks; null before the start, and if none is as long.</summary>
    internal ModelTransfers? Large => _large;

    private bool MayBeLarge => LearningFrame.NumberBytes + _longestBytes > LearningFrame.MaximumBodyBytes;

    /// <summary>Offers the present model to some peers. Returns to how many.</summary>
    private int Offer(IProtocolContext context, ReadOnlySpan<Peer> peers, int part)
    {
        if (peers.IsEmpty || LatestModel(context, part) is not { } body)
        {
            return 0;
        }

        var sent = 0;
        foreach (ref readonly var peer in peers)
        {
            sent += _large!.TryOffer(body, peer, 0) ? 1 : 0;
        }

        _large!.DropIfUnwanted(body);
        return sent;
    }

    private void AnswerLarge(IProtocolContext context, in Peer to, uint number)
    {
        if (LatestModel(context, 0) is not { } body || !_large!.TryOffer(body, to, number))
        {
            _state!.Counters.PullsRefused++;
        }
    }

    /// <summary>
    /// The present model as it goes to others: the same for all in a cycle, as long as nothing is learned.
    /// </summary>
    private ModelBody? LatestModel(IProtocolContext context, int part)
    {
        var (state, large) = (_state!, _large!);
        if (large.Latest(state.Age, _cycle, part) is { } made)
        {
            return made;
        }

        if (!large.MakeWay())
        {
            return null;
        }

        var message = new byte[state.MaximumMessageBytes];
        var length = state.Compose(part, message, ref context.Random);
        return large.Make(message[..length], state.Age, _cycle, part);
    }

    private void OnLargeFrame(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        var counters = _state!.Counters;
        if (_large is null || type is < LearningFrame.Offer or > LearningFrame.Done)
        {
            counters.Malformed++;
        }
        else if (type == LearningFrame.Chunk)
        {
            _large.TakeChunk(from, body);
        }
        else if (type == LearningFrame.Gone)
        {
            _large.TakeGone(from, body);
        }
        else if (type == LearningFrame.Done)
        {
            _large.TakeDone(from, body);
        }
        else if (!context.MustProve(out var source))
        {
            UseOfferOrWant(from, type, body);
        }
        else if (type == LearningFrame.Offer)
        {
            counters.Unproven += _unproven.Hold(source, from, type, body) ? 1 : 0;
        }
        else
        {
            counters.PullsRefused++;
        }
    }

    private void UseOfferOrWant(in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        if (type == LearningFrame.Offer)
        {
            UseOffer(from, body);
        }
        else
        {
            _large!.TakeWant(from, body);
        }
    }

    private void UseOffer(in Peer from, ReadOnlySpan<byte> body)
    {
        if (body.Length < LearningFrame.NumberBytes)
        {
            _state!.Counters.Malformed++;
            return;
        }

        var number = BinaryPrimitives.ReadUInt32BigEndian(body);
        if (_options.Robust == RobustForm.Nearest)
        {
            var place = _asked.AsSpan(0, _askedCount).IndexOf(from.Id);
            if (place < 0 || number != _number)
            {
                _state!.Counters.Unasked++;
                return;
            }

            _asked[place] = _asked[--_askedCount];
        }
        else if (number != 0)
        {
            _state!.Counters.Unasked++;
            return;
        }

        if (!MaySend(from))
        {
            return;
        }

        _large!.TakeOffer(from, number, body[LearningFrame.NumberBytes..]);
    }

    /// <summary>All of a large model is here.</summary>
    private void OnLargeModel(IProtocolContext context, ModelBody body)
    {
        var state = _state!;
        if (_options.Robust == RobustForm.Nearest)
        {
            if (body.Number != _number)
            {
                state.Counters.Unasked++;
                return;
            }

            state.Gather(body.Data);
        }
        else if (MayUse)
        {
            Use(context, body.Data);
        }
        else
        {
            state.Counters.Overtaken += _hasMail ? 1 : 0;
            (_largeMail, _hasMail) = (body.Data, true);
        }
    }
}
