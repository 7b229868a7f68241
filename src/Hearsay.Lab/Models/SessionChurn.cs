using Hearsay.Protocols;

namespace Hearsay.Lab.Models;

/// <summary>
/// Churn by session lengths: every node crashes when its session is over, and a new one joins in its place through one
/// random node that lives. It starts in the middle: nodes that are there have part of their session behind them.
/// </summary>
internal sealed class SessionChurn
{
    private const ulong Purpose = 0x5345_5353;

    private readonly SessionLengths _lengths;
    private readonly PriorityQueue<int, (double End, int Node)> _ends = new();
    private SeededRandom _random;

    public SessionChurn(SessionLengths lengths, ICycleEngine engine, ulong seed)
    {
        _lengths = lengths;
        _random = SeededRandom.For(seed, 0, 0, Purpose);
        for (var node = 0; node < engine.NodeCount; node++)
        {
            _ends.Enqueue(node, (engine.Cycle + lengths.DrawRest(ref _random), node));
        }
    }

    /// <summary>Does what happens before the next cycle.</summary>
    public void Replace(ICycleEngine engine)
    {
        var gone = 0;
        while (_ends.TryPeek(out var node, out var end) && end.End <= engine.Cycle + 1 && engine.LiveCount > 1)
        {
            _ends.Dequeue();
            engine.KillNode(node);
            gone++;
        }

        for (var known = engine.NodeCount; gone > 0; gone--)
        {
            var contact = _random.Below(known);
            while (!engine.IsAlive(contact))
            {
                contact = _random.Below(known);
            }

            var node = engine.Join(contact);
            _ends.Enqueue(node, (engine.Cycle + 1 + _lengths.Draw(ref _random), node));
        }
    }
}
