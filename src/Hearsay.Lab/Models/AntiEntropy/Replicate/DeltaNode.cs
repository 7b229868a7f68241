using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Neighbours;

namespace Hearsay.Lab.Models.AntiEntropy.Replicate;

/// <summary>A node whose map is kept by deltas alone, for comparison.</summary>
internal sealed class DeltaNode : IReplicateNode
{
    private static readonly RowDigester s_digester = new(0, 0);

    private readonly DeltaProtocol _deltas;

    /// <summary>A node without anything.</summary>
    public DeltaNode(ReplicateOptions options)
    {
        var neighbours = new NeighboursProtocol();
        _deltas = new DeltaProtocol(neighbours, options.Mode == ReplicateMode.Bprr);
        neighbours.Watch(_deltas);
        Protocols = [neighbours, _deltas];
    }

    /// <inheritdoc/>
    public IReadOnlyList<IProtocol> Protocols { get; }

    /// <inheritdoc/>
    public CausalContext Context => _deltas.State.Seen;

    /// <inheritdoc/>
    public UInt128 Root => _deltas.State.Rows.Aggregate(
        default(UInt128), static (sum, row) => unchecked(sum + s_digester.Of(row)));

    /// <inheritdoc/>
    public PayloadCounts Payloads => new(0, 0, 0, 0, _deltas.RowsReceived);

    /// <inheritdoc/>
    public long Exchanges => 0;

    /// <inheritdoc/>
    public long ExchangeBytes => _deltas.BytesReceived;

    /// <inheritdoc/>
    public long CountOf(RowPath counter) => _deltas.State.RowsOf(counter)
        .Sum(static row => (long)CounterShare.Read(row.Value.Span).Value);

    /// <inheritdoc/>
    public void Write(NodeCore core, Instant now, MapChange change, ulong stamp, Action<Dot> done) =>
        core.Post(now, _deltas.Id, new DeltaWriteCommand(change, stamp, done));
}
