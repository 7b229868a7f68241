namespace Hearsay.Protocols.Node.Pieces;

/// <summary>
/// Sends packets in pieces to addresses to which no stream can be opened. To each address one packet is under way at a
/// time, in rounds: a window of pieces, whose last one asks for a receipt. What the receipt lacks goes out again.
/// </summary>
/// <remarks>
/// The receipts pace the rounds. The window grows by a constant after a round without loss and halves after one with a
/// loss, as congestion control does. A receipt that does not come is asked for with one piece, after a time that
/// doubles.
/// </remarks>
internal sealed class PieceSender(IPieceCarrier carrier)
{
    /// <summary>The most addresses at once: a node has few neighbours. An idle one makes room.</summary>
    public const int Capacity = 8;

    private readonly List<PieceQueue> _queues = new(Capacity);

    /// <summary>When a receipt is overdue.</summary>
    public Instant NextDue { get; private set; } = Instant.Never;

    /// <summary>Packets that were given up because no receipt came.</summary>
    public long GivenUp { get; private set; }

    /// <summary>Takes a packet.</summary>
    /// <returns>False if too much waits.</returns>
    public bool TrySend(in NodeAddress to, ReadOnlySpan<byte> packet)
    {
        var queue = Find(to) ?? Make(to);
        var taken = queue is not null && queue.TryAdd(packet, carrier);
        Arm();
        return taken;
    }

    /// <summary>Says which pieces of a packet an address has.</summary>
    public void OnReceipt(in NodeAddress from, ulong number, ulong here, byte round)
    {
        Find(from)?.OnReceipt(number, here, round, carrier);
        Arm();
    }

    /// <summary>Asks again for receipts that did not come.</summary>
    public void OnDue()
    {
        if (carrier.Now < NextDue)
        {
            return;
        }

        foreach (var queue in _queues)
        {
            GivenUp += queue.OnDue(carrier);
        }

        Arm();
    }

    private PieceQueue? Find(in NodeAddress address)
    {
        foreach (var queue in _queues)
        {
            if (queue.To == address)
            {
                return queue;
            }
        }

        return null;
    }

    private PieceQueue? Make(in NodeAddress to)
    {
        if (_queues.Count == Capacity)
        {
            var idle = _queues.FindIndex(static queue => queue.IsIdle);
            if (idle < 0)
            {
                return null;
            }

            _queues.RemoveAt(idle);
        }

        var made = new PieceQueue(to);
        _queues.Add(made);
        return made;
    }

    private void Arm()
    {
        NextDue = Instant.Never;
        foreach (var queue in _queues)
        {
            NextDue = Instant.Min(NextDue, queue.RetryAt);
        }
    }
}
