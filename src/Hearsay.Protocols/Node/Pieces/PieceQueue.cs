using System.Numerics;

namespace Hearsay.Protocols.Node.Pieces;

/// <summary>The packets that go to one address in pieces.</summary>
internal sealed class PieceQueue(in NodeAddress to)
{
    /// <summary>The most packets that wait, the one under way included.</summary>
    public const int CapacityPackets = 64;

    /// <summary>Their bytes: what a neighbour is fed of a large message.</summary>
    public const int CapacityBytes = 1 << 20;

    /// <summary>So often a receipt is asked for again before all that waits is given up.</summary>
    public const int MaximumTries = 5;

    private const int LeastWindow = 4;
    private const int FirstWindow = 16;
    private const int WindowStep = 8;

    private static readonly TimeSpan UnknownTimeout = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(2);

    private readonly Queue<byte[]> _packets = new();
    private int _bytes;
    private ulong _number;

    /// <summary>The pieces of the first packet that are not known to be there, and those of this round.</summary>
    private ulong _missing;

    private ulong _underWay;
    private byte _round;
    private int _tries;
    private int _window = FirstWindow;
    private Instant _sentAt;
    private TimeSpan _roundTrip;

    /// <summary>Where they go.</summary>
    public NodeAddress To { get; } = to;

    /// <summary>Whether nothing waits.</summary>
    public bool IsIdle => _packets.Count == 0;

    /// <summary>When the receipt of the round is overdue.</summary>
    public Instant RetryAt { get; private set; } = Instant.Never;

    /// <summary>Takes a packet, and sends it if no other is under way.</summary>
    /// <returns>False if too much waits.</returns>
    public bool TryAdd(ReadOnlySpan<byte> packet, IPieceCarrier carrier)
    {
        if (_packets.Count == CapacityPackets || _bytes + packet.Length > CapacityBytes)
        {
            return false;
        }

        _packets.Enqueue(packet.ToArray());
        _bytes += packet.Length;
        if (_packets.Count == 1)
        {
            Begin(carrier);
        }

        return true;
    }

    /// <summary>A receipt came.</summary>
    public void OnReceipt(ulong number, ulong here, byte round, IPieceCarrier carrier)
    {
        if (IsIdle || number != _number)
        {
            return;
        }

        _missing &= ~here;
        if (round != _round && _missing != 0)
        {
            return;
        }

        if (round == _round)
        {
            Measure(carrier.Now - _sentAt);
            _window = (_underWay & _missing) == 0
                ? Math.Min(_window + WindowStep, Piece.Most) : Math.Max(_window / 2, LeastWindow);
        }

        _tries = 0;
        if (_missing != 0)
        {
            SendRound(carrier, _window);
            return;
        }

        _bytes -= _packets.Dequeue().Length;
        Begin(carrier);
    }

    /// <summary>Asks again for a receipt that is overdue.</summary>
    /// <returns>How many packets were given up.</returns>
    public int OnDue(IPieceCarrier carrier)
    {
        if (carrier.Now < RetryAt)
        {
            return 0;
        }

        if (++_tries > MaximumTries)
        {
            var lost = _packets.Count;
            _packets.Clear();
            (_bytes, _tries, RetryAt) = (0, 0, Instant.Never);
            return lost;
        }

        // Perhaps only the receipt was lost: one piece brings another.
        _window = Math.Max(_window / 2, LeastWindow);
        SendRound(carrier, 1);
        return 0;
    }

    private void Begin(IPieceCarrier carrier)
    {
        RetryAt = Instant.Never;
        if (_packets.TryPeek(out var packet))
        {
            (_number, _round, _tries) = (carrier.NextNonce(), 0, 0);
            _missing = Piece.AllOf(Piece.LastOf(packet.Length));
            SendRound(carrier, _window);
        }
    }

    private void SendRound(IPieceCarrier carrier, int pieces)
    {
        var packet = _packets.Peek();
        var last = Piece.LastOf(packet.Length);
        _round = (byte)(_round == byte.MaxValue ? 1 : _round + 1);
        (_underWay, _sentAt) = (0, carrier.Now);
        RetryAt = carrier.Now + Timeout();
        var rest = _missing;
        for (var left = pieces; left > 0 && rest != 0; left--)
        {
            var index = BitOperations.TrailingZeroCount(rest);
            rest &= rest - 1;
            _underWay |= 1ul << index;
            var isLast = left == 1 || rest == 0;
            var piece = new Piece(_number, index, last, isLast ? _round : (byte)0);
            carrier.SendPiece(To, piece, piece.Of(packet));
        }
    }

    private void Measure(TimeSpan roundTrip) =>
        _roundTrip = _roundTrip == TimeSpan.Zero ? roundTrip : ((7 * _roundTrip) + roundTrip) / 8;

    private TimeSpan Timeout()
    {
        var timeout = _roundTrip == TimeSpan.Zero ? UnknownTimeout : 4 * _roundTrip;
        timeout = (timeout < LeastTimeout ? LeastTimeout : timeout) * (1 << _tries);
        return timeout < LongestTimeout ? timeout : LongestTimeout;
    }
}
