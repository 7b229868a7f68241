using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Healing;

/// <summary>A network of which half of the nodes crash at once.</summary>
internal sealed class HealingWorld : SamplingWorld
{
    private static readonly Instant CrashAt = Instant.Zero + TimeSpan.FromSeconds(10);

    /// <summary>A network that has run for some cycles.</summary>
    public HealingWorld(KnobValues knobs, ulong seed)
        : base(knobs, seed, TimeSpan.FromSeconds(20))
    {
    }

    /// <inheritdoc/>
    protected override PeerSamplingOptions Sampling =>
        base.Sampling with { EvictOnTimeout = Knobs.Whole("evict") == 1 };

    /// <inheritdoc/>
    protected override void OnBegin() => Plan(CrashAt, () =>
    {
        var nodes = Enumerable.Range(0, Network.Nodes.Count).ToArray();
        Random.Shuffle<int>(nodes);
        foreach (var node in nodes.Take(nodes.Length / 2))
        {
            Network.Kill(Network.Nodes[node]);
        }
    });
}
