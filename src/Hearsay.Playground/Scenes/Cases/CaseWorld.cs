using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Cases;

/// <summary>The network of a seed of the fuzzer, as the fuzzer makes it; its faults come as actions.</summary>
internal sealed class CaseWorld : SamplingWorld
{
    private readonly FuzzCase _fuzz;

    /// <summary>The network of a seed.</summary>
    public CaseWorld(KnobValues knobs, ulong seed)
        : this(knobs, FuzzCase.FromSeed(seed))
    {
    }

    private CaseWorld(KnobValues knobs, FuzzCase fuzz)
        : base(knobs, fuzz.Seed, fuzz.Nodes, fuzz.Links) => _fuzz = fuzz;

    /// <inheritdoc/>
    protected override int FirstNodes => _fuzz.Nodes;

    /// <inheritdoc/>
    public override void Join() => FuzzRun.Add(Network, _fuzz);

    /// <inheritdoc/>
    public override IEnumerable<(string Name, string Value)> Describe(int node) =>
        base.Describe(node).Append(("case", _fuzz.Describe()));
}
