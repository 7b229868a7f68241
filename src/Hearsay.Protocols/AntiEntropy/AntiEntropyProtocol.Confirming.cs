using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;

namespace Hearsay.Protocols.AntiEntropy;

/// <content>Which other nodes have an event, durable as their stores make it.</content>
internal sealed partial class AntiEntropyProtocol
{
    /// <summary>How many may wait at a time.</summary>
    public const int MostConfirmations = 1_024;

    /// <summary>How many nodes a write can wait for.</summary>
    public const int MostConfirmingNodes = 64;

    /// <summary>How many more nodes are asked than are missing: some do not have it yet.</summary>
    private const int SpareAsked = 2;

    /// <summary>An event needs about as long to the first nodes; then it is asked for less and less often.</summary>
    private static readonly TimeSpan s_firstAsk = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan s_lastAsk = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<ulong, Confirmation> _confirmations = [];
    private readonly Peer[] _askedPeers = new Peer[MostConfirmingNodes + SpareAsked];

    private void Confirm(MapConfirmCommand command)
    {
        if (_confirmations.Count >= MostConfirmations)
        {
            Counters.Refused++;
            command.Done([]);
            return;
        }

        _confirmations.Add(_context.Random.NextUInt64() | 1, new Confirmation(
            command.Name, command.Dot, Math.Clamp(command.Nodes, 1, MostConfirmingNodes),
            _context.Now + command.Limit, command.Done)
        {
            AskAt = _context.Now + s_firstAsk,
        });
    }

    private void AskForConfirmations()
    {
        foreach (var (nonce, one) in _confirmations.ToArray())
        {
            if (_context.Now >= one.Deadline)
            {
                _confirmations.Remove(nonce);
                one.Complete();
            }
            else if (_context.Now >= one.AskAt)
            {
                AskWhoHas(nonce, one);
                var pause = s_firstAsk * (1 << Math.Min(++one.Asked, 10));
                one.AskAt = Instant.Min(one.Deadline, _context.Now + (pause < s_lastAsk ? pause : s_lastAsk));
            }
        }
    }

    private void AskWhoHas(ulong nonce, Confirmation one)
    {
        if (!_maps.TryGetValue(one.Name, out var map))
        {
            return;
        }

        var count = _context.Peers.GetPeers(_askedPeers.AsSpan(0, one.Missing + SpareAsked));
        foreach (var peer in _askedPeers.AsSpan(0, count))
        {
            if (!one.IsKnownOf(peer.Id))
            {
                var writer = new WireWriter(_buffer.AsSpan(0, MapFrame.DatagramBytes));
                writer.WriteUInt64(nonce);
                WriteName(ref writer, map.NameBytes);
                DotCodec.Write(ref writer, one.Dot);
                Send(peer, MapFrame.Has, ref writer);
            }
        }
    }

    private void AnswerHas(in Peer from, ulong nonce, ref WireReader reader)
    {
        if (!TryReadName(ref reader, out var name) || !DotCodec.TryRead(ref reader, out Dot dot))
        {
            Counters.Malformed++;
        }
        else if (_maps.TryGetValue(name, out var map) && map.Replica.Told?.Context.Covers(dot) == true)
        {
            var writer = new WireWriter(_buffer);
            writer.WriteUInt64(nonce);
            Send(from, MapFrame.Had, ref writer);
        }
    }

    private void TakeHad(in Peer from, ulong nonce)
    {
        if (_confirmations.TryGetValue(nonce, out var one))
        {
            Add(nonce, one, from.Id);
        }
        else
        {
            Counters.Strays++;
        }
    }

    /// <summary>A peer has told its context: it has what that covers.</summary>
    private void TakeContext(string name, NodeId peer, CausalContext context)
    {
        foreach (var (nonce, one) in _confirmations.Count == 0 ? [] : _confirmations.ToArray())
        {
            if (one.Name == name && context.Covers(one.Dot))
            {
                Add(nonce, one, peer);
            }
        }
    }

    private void Add(ulong nonce, Confirmation one, NodeId node)
    {
        one.Add(node);
        if (one.Missing == 0)
        {
            _confirmations.Remove(nonce);
            one.Complete();
        }
    }
}
