using Hearsay.Protocols.Transfer;

namespace Hearsay.Learning.Exchange;

/// <content>What is lent to the transfer: the peers in their slots, and what becomes of a model.</content>
internal sealed partial class ModelTransfers : ITransferHost<ModelBody>
{
    /// <inheritdoc/>
    int ITransferHost<ModelBody>.HeadBytes => 0;

    /// <inheritdoc/>
    uint ITransferHost<ModelBody>.MayAsk(ModelBody body) => body.Givers;

    /// <inheritdoc/>
    TimeSpan ITransferHost<ModelBody>.RoundTrip(int slot) => s_roundTrip;

    /// <inheritdoc/>
    bool ITransferHost<ModelBody>.TrySendChunk(int slot, Span<byte> frame)
    {
        if (!_context.Send(_peers[slot], LearningFrame.Chunk, frame))
        {
            return false;
        }

        _counters.BytesSent += frame.Length;
        return true;
    }

    /// <inheritdoc/>
    void ITransferHost<ModelBody>.Send(int slot, TransferAnswer kind, ReadOnlySpan<byte> body) => _context.Send(
        _peers[slot], kind == TransferAnswer.Want ? LearningFrame.Want : LearningFrame.Gone,
        kind == TransferAnswer.Want ? body : body[..TransferFrame.IdBytes]);

    /// <inheritdoc/>
    bool ITransferHost<ModelBody>.MayAnswer(int slot, int bytes)
    {
        if (_answered is null || _answered.BytesLeft < bytes)
        {
            _counters.PullsRefused++;
            return false;
        }

        _answered.BytesLeft -= bytes;
        return true;
    }

    /// <inheritdoc/>
    bool ITransferHost<ModelBody>.MayFeed(int slot, int chunks) => false;

    /// <inheritdoc/>
    void ITransferHost<ModelBody>.OnWhole(ModelBody body)
    {
        _counters.Fetched++;
        TellGivers(body);
        Room.Remove(body);
        _onWhole(body);
    }

    /// <inheritdoc/>
    void ITransferHost<ModelBody>.OnGivenUp(ModelBody body)
    {
        _counters.TransfersGivenUp++;
        TellGivers(body);
    }
}
