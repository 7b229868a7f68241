using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Simulation.Checks;

namespace Hearsay.Playground.Recording;

/// <summary>
/// Sees the merges of all nodes from outside: from the packets that go in and out, and the view before and after.
/// </summary>
internal sealed class MergeWatch
{
    /// <summary>Requests of a node whose answers may still come.</summary>
    private const int RequestsKept = 16;

    private readonly Dictionary<int, Queue<(ulong Nonce, List<SeenEntry> Entries)>> _requests = [];
    private readonly SeenMessage _in = new();
    private readonly SeenMessage _out = new();
    private readonly SeenView _view = new();
    private List<SeenEntry> _before = [];
    private List<SeenEntry> _answer = [];
    private bool _isWatching;

    /// <summary>The latest merges that had to drop something, the newest last.</summary>
    public Queue<MergeRecord> Latest { get; } = new();

    /// <summary>How many of them there were.</summary>
    public int Total { get; private set; }

    /// <summary>A node is about to handle a packet.</summary>
    public void Receiving(VirtualNode node, ReadOnlySpan<byte> packet)
    {
        _in.Read(packet, node.Core.State.Label);
        _isWatching = _in.Type is SamplingMessage.Request or SamplingMessage.Reply && _in.Descriptors.Count > 0;
        _answer = [];
        if (_isWatching)
        {
            _before = ViewOf(node);
        }
    }

    /// <summary>A node sends a packet.</summary>
    public void Sent(VirtualNode node, ReadOnlySpan<byte> packet)
    {
        _out.Read(packet, node.Core.State.Label);
        if (_out.Type is not (SamplingMessage.Request or SamplingMessage.Reply))
        {
            return;
        }

        var own = node.Core.Self.Id;
        List<SeenEntry> entries = [.. _out.Descriptors.Entries.ToArray().Where(entry => entry.Id != own)];
        if (_out.Type == SamplingMessage.Reply)
        {
            _answer = entries;
            return;
        }

        if (!_requests.TryGetValue(node.Index, out var requests))
        {
            _requests[node.Index] = requests = new();
        }

        requests.Enqueue((_out.Nonce, entries));
        if (requests.Count > RequestsKept)
        {
            requests.Dequeue();
        }
    }

    /// <summary>A node has handled a packet.</summary>
    /// <param name="node">The node.</param>
    /// <param name="partner">Who sent it.</param>
    /// <param name="now">When.</param>
    /// <param name="keeps">How many merges are kept.</param>
    public void Handled(VirtualNode node, int partner, Instant now, int keeps)
    {
        if (!_isWatching)
        {
            return;
        }

        _isWatching = false;
        var own = node.Core.Self.Id;
        var isAnswer = _in.Type == SamplingMessage.Reply;
        var sent = isAnswer ? Find(node.Index, _in.Nonce) : _answer;
        var options = node.Core.Sampling.Options;
        var record = new MergeRecord(
            node.Index, partner, isAnswer, now, options.ToRules(), _before,
            [.. _in.Descriptors.Entries.ToArray().Where(entry => entry.Id != own)], sent ?? [], ViewOf(node));
        if (sent is null || options.Form != ExchangeForm.HalfViews || record.Surplus == 0 || !IsWhole(record))
        {
            return;
        }

        Total++;
        Latest.Enqueue(record);
        if (Latest.Count > keeps)
        {
            Latest.Dequeue();
        }
    }

    /// <summary>What the node refused to take in is no merge by the rule alone.</summary>
    private static bool IsWhole(MergeRecord record) => record.After.Count == record.Rules.ViewSize;

    private List<SeenEntry>? Find(int node, ulong nonce)
    {
        if (_requests.TryGetValue(node, out var requests))
        {
            foreach (var (number, entries) in requests)
            {
                if (number == nonce)
                {
                    return entries;
                }
            }
        }

        return null;
    }

    private List<SeenEntry> ViewOf(VirtualNode node)
    {
        _view.Read(node.Core);
        return [.. _view.Entries];
    }
}
