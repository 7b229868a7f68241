using System.Diagnostics;

namespace Hearsay.Benchmarks.Http;

/// <summary>Watches when the cycles of a node begin.</summary>
internal sealed class CyclePace
{
    private readonly Lock _gate = new();
    private long _cycles;
    private long _begun;

    public CyclePace(GossipNode node) => new Thread(() => Watch(node)) { IsBackground = true }.Start();

    /// <summary>The cycles so far, and when the last one began, in the ticks of <see cref="Stopwatch"/>.</summary>
    public string Now()
    {
        lock (_gate)
        {
            return $"{_cycles} {_begun}";
        }
    }

    private void Watch(GossipNode node)
    {
        while (true)
        {
            var cycles = node.Counters.Cycles;
            if (cycles != _cycles)
            {
                lock (_gate)
                {
                    (_cycles, _begun) = (cycles, Stopwatch.GetTimestamp());
                }
            }

            Thread.Sleep(2);
        }
    }
}
