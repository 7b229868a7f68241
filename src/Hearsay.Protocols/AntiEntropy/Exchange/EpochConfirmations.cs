using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Protocols.AntiEntropy.Exchange;

/// <summary>
/// All that wait until other nodes have events of one epoch, and what these nodes have told that they have of it. So
/// one question to a node serves all who wait.
/// </summary>
/// <param name="name">The map.</param>
/// <param name="epoch">The epoch.</param>
/// <param name="nonce">The number of the questions.</param>
internal sealed class EpochConfirmations(string name, EpochId epoch, ulong nonce)
{
    /// <summary>
    /// So many nodes' reports are kept beside those of the nodes that somebody waits for, since each node that has
    /// reported is asked again. Nodes that have nothing yet are among them: they are asked again even if the view has
    /// lost them, as it does where a machine is busy.
    /// </summary>
    private const int SpareReports = 8;

    private readonly List<Confirmation> _waiting = [];
    private readonly List<(Peer From, ulong Opening, SequenceSet Seen)> _reports = [];

    /// <summary>The map.</summary>
    public string Name { get; } = name;

    /// <summary>The epoch.</summary>
    public EpochId Epoch { get; } = epoch;

    /// <summary>The number of the questions.</summary>
    public ulong Nonce { get; } = nonce;

    /// <summary>When nodes are asked next.</summary>
    public Instant AskAt { get; set; } = Instant.Never;

    /// <summary>How often nodes were asked since somebody began to wait.</summary>
    public int Asked { get; set; }

    /// <summary>When the first of those who wait waits no longer.</summary>
    public Instant Deadline { get; private set; } = Instant.Never;

    /// <summary>How many wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>The least number that matters to one of them.</summary>
    public ulong First => _waiting.Min(static one => one.First);

    /// <summary>Whether somebody waits for all events of the epoch up to one.</summary>
    public bool IsWhole => _waiting.Exists(static one => one.IsWhole);

    /// <summary>How many more nodes are needed at most.</summary>
    public int Missing => _waiting.Max(one => one.Nodes - _reports.Count(report => one.IsIn(report.Seen)));

    /// <summary>How many reports are kept.</summary>
    private int MostReports => _waiting.Max(static one => one.Nodes) + SpareReports;

    /// <summary>The nodes that have told something.</summary>
    public IEnumerable<Peer> Reporters => _reports.Select(static report => report.From);

    /// <summary>Somebody begins to wait.</summary>
    public void Add(Confirmation one)
    {
        _waiting.Add(one);
        Deadline = Instant.Min(Deadline, one.Deadline);
    }

    /// <summary>Whether a node has told something.</summary>
    public bool HasReported(NodeId node) => _reports.Exists(report => report.From.Id == node);

    /// <summary>
    /// A node has told which events of the epoch it has. That takes the place of what it told before: it may have been
    /// started again, without what it had.
    /// </summary>
    /// <param name="from">The node.</param>
    /// <param name="opening">The incarnation with which it started. Reports of an earlier one are late.</param>
    /// <param name="seen">The events.</param>
    public void Take(in Peer from, ulong opening, SequenceSet seen)
    {
        var id = from.Id;
        var index = _reports.FindIndex(report => report.From.Id == id);
        if (index >= 0 && _reports[index].Opening <= opening)
        {
            _reports[index] = (from, opening, seen);
        }
        else if (index < 0 && (_reports.Count < MostReports || TryDropLess(seen)))
        {
            _reports.Add((from, opening, seen));
        }
    }

    /// <summary>There are enough reports: the node that has least gives way to one that has more.</summary>
    private bool TryDropLess(SequenceSet seen)
    {
        var (least, first) = (0, First);
        for (var i = 1; i < _reports.Count; i++)
        {
            least = IsMore(_reports[least].Seen, _reports[i].Seen, first) ? i : least;
        }

        var isMore = IsMore(seen, _reports[least].Seen, first);
        if (isMore)
        {
            _reports.RemoveAt(least);
        }

        return isMore;
    }

    /// <summary>What was written first has waited for longest; after that counts how far a node has come.</summary>
    private static bool IsMore(SequenceSet seen, SequenceSet other, ulong first) =>
        seen.Contains(first) == other.Contains(first) ? seen.Last > other.Last : seen.Contains(first);

    /// <summary>Tells those who need not wait any more, or may not; returns how many they were.</summary>
    public int Complete(Instant now)
    {
        var ended = new List<(Confirmation One, NodeId[] Have)>();
        _waiting.RemoveAll(one =>
        {
            NodeId[] have = [.. _reports.Where(report => one.IsIn(report.Seen))
                .Select(static report => report.From.Id).Take(one.Nodes)];
            var hasEnded = have.Length == one.Nodes || now >= one.Deadline;
            if (hasEnded)
            {
                ended.Add((one, have));
            }

            return hasEnded;
        });
        Deadline = _waiting.Count == 0 ? Instant.Never : _waiting.Min(static one => one.Deadline);
        foreach (var (one, have) in ended)
        {
            one.Complete(have);
        }

        return ended.Count;
    }
}
