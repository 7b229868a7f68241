namespace Hearsay.Protocols.Node.Guard;

/// <summary>
/// What the node may send while it handles one input. The answers to a datagram are one datagram, no longer than it.
/// If its source has not proven that it lives there, that is all that may be sent, to whomever.
/// </summary>
internal sealed class InputBudget
{
    private bool _isDatagram;
    private bool _isUsed;
    private int _bytes;
    private NodeAddress _source;

    /// <summary>Where the input came from; nothing while none is handled.</summary>
    public Link? From { get; private set; }

    /// <summary>Who sent it, as it says; none for a packet of another cluster.</summary>
    public NodeId Sender { get; set; }

    /// <summary>Whether all that is sent counts, because the source may be forged.</summary>
    public bool IsLimited { get; private set; }

    /// <summary>Whether something could not be sent that a proven source would have caused.</summary>
    public bool WasShort { get; private set; }

    /// <summary>What is to be sent back to the source, once; 0 if nothing.</summary>
    public ulong Echo { get; set; }

    /// <summary>The bytes of the answer as it is so far, its envelope included; 0 before there is one.</summary>
    public int AnswerBytes { get; private set; }

    /// <summary>Whether the source is to prove itself by what it says to the answer.</summary>
    public bool WantsProof { get; set; }

    /// <summary>How long the answer to a datagram may become.</summary>
    public int AnswerRoom => AnswerBytes > 0 ? _bytes + AnswerBytes : _isUsed ? 0 : _bytes;

    /// <summary>An input begins.</summary>
    /// <param name="from">Where it came from.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="isProven">Whether the source is proven.</param>
    public void Begin(in Link from, int bytes, bool isProven)
    {
        (From, _source, _bytes, Sender) = (from, from.Address, bytes, NodeId.None);
        _isDatagram = from.Kind == LinkKind.Datagram;
        IsLimited = _isDatagram && !isProven;
        (_isUsed, AnswerBytes, Echo, WantsProof, WasShort, MustProve) = (false, 0, 0, false, false, false);
    }

    /// <summary>The input was handled.</summary>
    public void End() => (From, IsLimited, Echo) = (null, false, 0);

    /// <summary>The source has just proven itself.</summary>
    public void Lift() => IsLimited = false;

    /// <summary>Whether an address is where the datagram being handled came from.</summary>
    public bool IsSource(in NodeAddress address) => From is not null && _isDatagram && address == _source;

    /// <summary>Whether so much could be sent to somebody else than the source.</summary>
    public bool HasRoomFor(int bytes, SendReason reason) => !Counts(reason) || (!_isUsed && bytes <= _bytes);

    /// <summary>Takes what is sent to somebody else than the source.</summary>
    /// <returns>False if it is too much; then it must not be sent.</returns>
    public bool TryTake(int bytes, SendReason reason)
    {
        if (!Counts(reason))
        {
            return true;
        }

        if (_isUsed || bytes > _bytes)
        {
            WasShort |= IsLimited;
            return false;
        }

        (_isUsed, _bytes) = (true, _bytes - bytes);
        return true;
    }

    /// <summary>The answer has grown to so many bytes.</summary>
    public void Answered(int bytes) =>
        (_bytes, AnswerBytes, _isUsed) = (Math.Max(0, _bytes - (bytes - AnswerBytes)), bytes, true);

    /// <summary>Something was not said because the source may be forged.</summary>
    public void FellShort() => WasShort |= IsLimited;

    /// <summary>Whether the source is asked for a proof in any case: if not with an answer or an echo, then soon.
    /// </summary>
    public bool MustProve { get; private set; }

    /// <summary>The source is to be asked for a proof.</summary>
    public void AskForProof() => (WantsProof, MustProve) = (WantsProof || IsLimited, IsLimited);

    private bool Counts(SendReason reason) =>
        From is not null && _isDatagram && (IsLimited || reason == SendReason.OnBehalf);
}
