using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>A change of a replica that is being put together.</summary>
/// <param name="context">The context after it.</param>
/// <param name="rows">About how many rows it adds.</param>
internal sealed class ReplicaDraft(CausalContext context, int rows = 0)
{
    private List<LoggedRemoval>? _logged;

    /// <summary>The events seen after it.</summary>
    public CausalContext Context { get; set; } = context;

    /// <summary>Whether the replica is trusted after it; null to leave that as it is.</summary>
    public bool? IsTrusted { get; set; }

    /// <summary>The floor of the log after it; null to leave that as it is.</summary>
    public CausalContext? LogFloor { get; set; }

    /// <summary>New rows with their digests.</summary>
    public List<KeyValuePair<MapRow, UInt128>> Added { get; } = new(rows);

    /// <summary>Rows that go.</summary>
    public List<RowEntry> Dropped { get; } = new(rows);

    /// <summary>Removals for the log.</summary>
    public IReadOnlyList<LoggedRemoval> Logged => _logged ?? (IReadOnlyList<LoggedRemoval>)[];

    /// <summary>Once it is committed: the number of the transaction.</summary>
    public long Commit { get; set; }

    /// <summary>Once it is committed: what was claimed before.</summary>
    public ReplicaClaims? Before { get; set; }

    /// <summary>Once it is committed: how long the log was before.</summary>
    public int LoggedBefore { get; set; }

    /// <summary>Once it is committed: what was claimed after it.</summary>
    public ReplicaClaims? After { get; set; }

    /// <summary>Once it is committed: how many rows there were after it.</summary>
    public int RowsAfter { get; set; }

    /// <summary>The event of this replica that it is; null if it is none.</summary>
    public MapEvent? Own { get; set; }

    /// <summary>Puts a removal into the log.</summary>
    public void Log(LoggedRemoval removal) => (_logged ??= []).Add(removal);
}
