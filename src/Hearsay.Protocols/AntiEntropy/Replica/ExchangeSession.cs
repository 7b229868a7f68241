using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>
/// An exchange that goes on: what the peer said at its start, and what differed then. Its parts are neither visible nor
/// claimed before the exchange is complete, so one that is cut has no effect.
/// </summary>
/// <param name="peer">What the peer had at the start.</param>
/// <param name="mostBeside">How many rows may come here by other ways meanwhile.</param>
internal sealed class ExchangeSession(ReplicaSummary peer, int mostBeside)
{
    private readonly List<MapRow> _onlyTheirs = [];
    private readonly HashSet<RowClaim> _theirs = [];
    private readonly List<RowClaim> _onlyMine = [];
    private readonly List<RowClaim> _beside = [];

    /// <summary>What the peer had at the start.</summary>
    public ReplicaSummary Peer { get; } = peer;

    /// <summary>Whether it can no longer be completed.</summary>
    public bool IsVoid { get; set; }

    /// <summary>Rows of the peer that were not here at the start.</summary>
    public IReadOnlyList<MapRow> OnlyTheirs => _onlyTheirs;

    /// <summary>
    /// Rows that the peer did not have at its start: those that were here then, and those that came by other ways
    /// since. A row that both have with different values is not among them: nobody has removed it.
    /// </summary>
    public IEnumerable<RowClaim> OnlyMine =>
        _onlyMine.Concat(_beside).Where(claim => !_theirs.Contains(claim));

    /// <summary>A row of the peer that was not here at the start.</summary>
    public void AddTheirs(MapRow row)
    {
        if (_theirs.Add(new RowClaim(row.Dot, row.Path)))
        {
            _onlyTheirs.Add(row);
        }
    }

    /// <summary>A row that was here at the start and that the peer did not have.</summary>
    public void AddMine(RowClaim claim) => _onlyMine.Add(claim);

    /// <summary>Rows that came by other ways while the exchange is open.</summary>
    public void Note(List<KeyValuePair<MapRow, UInt128>> added)
    {
        foreach (var (row, _) in added)
        {
            if (_beside.Count == mostBeside)
            {
                IsVoid = true;
                return;
            }

            _beside.Add(new RowClaim(row.Dot, row.Path));
        }
    }
}
