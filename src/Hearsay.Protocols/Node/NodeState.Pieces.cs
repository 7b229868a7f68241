using Hearsay.Protocols.Node.Pieces;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Node;

/// <content>
/// Packets that are longer than a datagram, to and from addresses to which no stream can be opened. Only addresses that
/// are proven are sent pieces, and only theirs are taken.
/// </content>
internal sealed partial class NodeState : IPieceCarrier
{
    /// <summary>Made when the first packet goes out, or comes in, in pieces.</summary>
    private PieceSender? _sender;

    private PieceAssembler? _assembler;

    /// <summary>A packet that the datagram being handled has completed, and where it came from.</summary>
    private (NodeAddress From, ReadOnlyMemory<byte> Packet) _whole;

    /// <summary>When a receipt of pieces is overdue.</summary>
    public Instant PiecesDue => _sender is null || IsSilent ? Instant.Never : _sender.NextDue;

    /// <summary>Repeats pieces whose receipt did not come.</summary>
    public void SendOverduePieces()
    {
        if (_sender is not null && !IsSilent)
        {
            _sender.OnDue();
            Counters.PiecedGivenUp = _sender.GivenUp;
        }
    }

    /// <summary>A frame of the node itself other than those that prove addresses.</summary>
    public void OnNodeFrame(in Link link, byte type, ReadOnlySpan<byte> body)
    {
        if (link.Kind != LinkKind.Datagram || type is not (Frame.Piece or Frame.PieceReceipt))
        {
            return;
        }

        if (!Guard.IsProven(link.Address, Now))
        {
            Guard.Input.AskForProof();
            Counters.Drop(DropReason.Throttled);
        }
        else if (!(type == Frame.Piece ? TakePiece(link, body) : TakeReceipt(link, body)))
        {
            Counters.Drop(DropReason.Malformed);
        }
    }

    /// <summary>Takes the packet that the datagram completed which was handled last.</summary>
    public bool TryTakeWhole(out Link from, out ReadOnlyMemory<byte> packet)
    {
        (from, packet) = (new Link(_whole.From, LinkKind.Stream), _whole.Packet);
        _whole = default;
        return !packet.IsEmpty;
    }

    /// <inheritdoc/>
    void IPieceCarrier.SendPiece(in NodeAddress to, in Piece piece, ReadOnlySpan<byte> bytes)
    {
        var room = (stackalloc byte[NodeEnvelope.LongestDatagramBytes])[..Envelope.MaximumDatagramBytes];
        var writer = BeginIn(room, Envelope.ResidentOf(to, Now));
        piece.Write(ref writer, bytes);
        Emit(new Link(to, LinkKind.Datagram), writer.Written);
    }

    private bool GoesInPieces(in Link to) =>
        to is { Kind: LinkKind.Stream, Connection: 0 } && Driver.IsStreamBlocked(to.Address)
        && Guard.IsProven(to.Address, Now);

    private bool SendInPieces(in NodeAddress to, ReadOnlySpan<byte> packet)
    {
        _sender ??= new PieceSender(this);
        var taken = _sender.TrySend(to, packet);
        Counters.PiecedSent += taken ? 1 : 0;
        Counters.PiecedRefused += taken ? 0 : 1;
        return taken;
    }

    private bool TakePiece(in Link link, ReadOnlySpan<byte> body)
    {
        if (!Piece.TryRead(body, out var piece, out var bytes))
        {
            return false;
        }

        _assembler ??= new PieceAssembler();
        if (!_assembler.TryTake(link.Address, piece, bytes, Now, out var here, out var whole))
        {
            Counters.PiecedRefused++;
            return true;
        }

        if (!whole.IsEmpty)
        {
            // Honest nodes put one piece into a datagram.
            Counters.PiecedRefused += _whole.Packet.IsEmpty ? 0 : 1;
            Counters.PiecedReceived += _whole.Packet.IsEmpty ? 1 : 0;
            _whole = _whole.Packet.IsEmpty ? (link.Address, whole) : _whole;
        }

        if (piece.Round != 0 || !whole.IsEmpty)
        {
            var writer = BeginAnswer(link, Piece.LeastDatagramBytes);
            Piece.WriteReceipt(ref writer, piece.Number, here, piece.Round);
            EndAnswer(link, ref writer);
        }

        return true;
    }

    private bool TakeReceipt(in Link link, ReadOnlySpan<byte> body)
    {
        if (!Piece.TryReadReceipt(body, out var number, out var here, out var round))
        {
            return false;
        }

        _sender?.OnReceipt(link.Address, number, here, round);
        return true;
    }
}
