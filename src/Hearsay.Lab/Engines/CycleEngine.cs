using Hearsay.Simulation;

namespace Hearsay.Lab;

/// <summary>The plain cycle runner behind the seam.</summary>
internal sealed class CycleEngine(CycleOptions options, int nodes, OverlayStart start) : IOverlayEngine, IDisposable
{
    /// <summary>A handle and an age per entry; a count and a life per node.</summary>
    private const int EntryBytes = sizeof(uint) + sizeof(ushort);
    private const int NodeBytes = sizeof(int) + sizeof(bool);

    private readonly CycleRunner _runner = new(options, nodes, start);

    public int Cycle => _runner.Cycle;

    public int NodeCount => _runner.NodeCount;

    public int LiveCount => _runner.LiveCount;

    public long ExchangeCount => _runner.Exchanges;

    public long StateBytes => (long)_runner.NodeCount * ((options.Rules.Room * EntryBytes) + NodeBytes);

    public void Run(int cycles) => _runner.Run(cycles);

    public int Join(int contact) => _runner.Join(contact);

    public void KillNodes(int count) => _runner.KillNodes(count);

    public bool IsAlive(int node) => _runner.IsAlive(node);

    public ReadOnlySpan<uint> ViewOf(int node) => _runner.ViewOf(node);

    public ReadOnlySpan<ushort> AgesOf(int node) => _runner.AgesOf(node);

    public long CountDeadLinks() => _runner.CountDeadLinks();

    public OverlayGraph Snapshot() => _runner.Snapshot();

    /// <inheritdoc/>
    public void Dispose() => _runner.Dispose();
}
