using Hearsay.Protocols.Node.Pieces;

namespace Hearsay.Protocols.Tests.Node.Pieces;

/// <summary>A sender and an assembler with a line of 10 ms between them that loses, doubles and reorders.</summary>
internal sealed class PieceWire : IPieceCarrier
{
    public static readonly NodeAddress Here = NodeAddress.FromIPv4(0x0A00_0001, 7000);

    private static readonly TimeSpan _delay = TimeSpan.FromMilliseconds(10);

    private readonly PriorityQueue<Action, (long, int)> _events = new();
    private readonly Random _random;
    private readonly double _loss;
    private readonly double _jitterMilliseconds;
    private int _order;
    private ulong _nonce = 100;

    public PieceWire(int seed, double loss, double jitterMilliseconds = 0)
    {
        (_random, _loss, _jitterMilliseconds) = (new Random(seed), loss, jitterMilliseconds);
        Sender = new PieceSender(this);
    }

    public Instant Now { get; private set; } = Instant.Zero + TimeSpan.FromHours(1);

    public PieceSender Sender { get; }

    public PieceAssembler Assembler { get; } = new();

    /// <summary>Whether nothing passes any more.</summary>
    public bool IsCut { get; set; }

    public List<byte[]> Arrived { get; } = [];

    /// <summary>The pieces that were sent, lost ones included, and when.</summary>
    public List<(Piece Piece, Instant At)> Sent { get; } = [];

    public ulong NextNonce() => _nonce++;

    public void SendPiece(in NodeAddress to, in Piece piece, ReadOnlySpan<byte> bytes)
    {
        Sent.Add((piece, Now));
        var (sent, copy) = (piece, bytes.ToArray());
        for (var copies = _random.NextDouble() < _loss ? 2 : 1; copies > 0; copies--)
        {
            Deliver(() => Take(sent, copy));
        }
    }

    /// <summary>Until nothing is under way, or an hour is over.</summary>
    public void Run()
    {
        var end = Now + TimeSpan.FromHours(1);
        while (Now < end && (_events.Count > 0 || Sender.NextDue != Instant.Never))
        {
            var next = _events.TryPeek(out _, out var at) ? new Instant(at.Item1) : Instant.Never;
            Now = Instant.Max(Now, Instant.Min(next, Sender.NextDue));
            if (next <= Now)
            {
                _events.Dequeue()();
            }
            else
            {
                Sender.OnDue();
            }
        }
    }

    private void Take(Piece piece, byte[] bytes)
    {
        if (!Assembler.TryTake(Here, piece, bytes, Now, out var here, out var whole))
        {
            return;
        }

        if (!whole.IsEmpty)
        {
            Arrived.Add(whole.ToArray());
        }

        if (piece.Round != 0 || !whole.IsEmpty)
        {
            Deliver(() => Sender.OnReceipt(Here, piece.Number, here, piece.Round));
        }
    }

    private void Deliver(Action action)
    {
        if (!IsCut && _random.NextDouble() >= _loss)
        {
            var at = Now + _delay + TimeSpan.FromMilliseconds(_random.NextDouble() * _jitterMilliseconds);
            _events.Enqueue(action, (at.Ticks, _order++));
        }
    }
}
