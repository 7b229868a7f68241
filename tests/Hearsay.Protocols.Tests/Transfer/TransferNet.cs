using Hearsay.Protocols.Transfer;

namespace Hearsay.Protocols.Tests.Transfer;

/// <summary>Protocols that do nothing but transfer, and the links between them.</summary>
internal sealed class TransferNet
{
    public static readonly TransferOptions Options = new()
    {
        RoomBytes = 16 << 20, Places = 4, Timeout = TimeSpan.FromSeconds(5), Retention = TimeSpan.FromSeconds(60),
        IdleTick = TimeSpan.FromSeconds(2),
    };

    private readonly Queue<Action> _underWay = new();

    public Instant Now { get; private set; } = Instant.Zero + TimeSpan.FromSeconds(1);

    /// <summary>Links two nodes.</summary>
    public static void Link(TransferNode one, TransferNode other)
    {
        var (slot, back) = (one.Links.Count, other.Links.Count);
        one.Links.Add((other, back));
        other.Links.Add((one, slot));
    }

    public TransferNode Add(TransferOptions? options = null) => new(this, options ?? Options);

    public void Send(Action arrival) => _underWay.Enqueue(arrival);

    /// <summary>Delivers what is under way, and what that leads to at the same moment.</summary>
    public void Deliver()
    {
        while (_underWay.TryDequeue(out var arrival))
        {
            arrival();
        }
    }

    /// <summary>Lets time pass in steps of 10 ms.</summary>
    public void Run(TimeSpan time, params TransferNode[] nodes)
    {
        for (var end = Now + time; Now < end;)
        {
            Deliver();
            Now += TimeSpan.FromMilliseconds(10);
            foreach (var node in nodes.Where(node => !node.IsDown && Now >= node.Transfers.NextDue))
            {
                node.Transfers.OnDue();
            }
        }
    }
}
