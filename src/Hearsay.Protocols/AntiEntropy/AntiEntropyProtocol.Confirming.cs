using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;

namespace Hearsay.Protocols.AntiEntropy;

/// <content>Which other nodes have an event, durable as their stores make it.</content>
internal sealed partial class AntiEntropyProtocol
{
    /// <summary>How many writes may wait for other nodes at a time; more are refused before they are done.</summary>
    public const int MostConfirmations = 65_536;

    /// <summary>How many nodes a write can wait for.</summary>
    public const int MostConfirmingNodes = 64;

    /// <summary>How many more nodes are asked than are missing: some do not have it yet.</summary>
    private const int SpareAsked = 2;

    /// <summary>An event needs about as long to the first nodes; then it is asked for less and less often.</summary>
    private static readonly TimeSpan s_firstAsk = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan s_lastAsk = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<ulong, EpochConfirmations> _confirmations = [];
    private readonly Peer[] _askedPeers = new Peer[MostConfirmingNodes + SpareAsked];
    private int _confirming;

    /// <summary>A write has its place among those that wait from its commit on, and waits when it is durable.</summary>
    private Action<WriteOutcome, Dot> ThenConfirm(MapWriteCommand write, MapConfirm confirm)
    {
        _confirming++;
        return (outcome, dot) =>
        {
            _confirming--;
            if (outcome == WriteOutcome.Committed)
            {
                Confirm(write.Name, dot.Epoch, new Confirmation(
                    dot.Sequence, isWhole: false, Math.Clamp(confirm.Nodes, 1, MostConfirmingNodes),
                    _context.Now + confirm.Limit, confirm.Done));
            }

            write.Done?.Invoke(outcome, dot);
        };
    }

    private void Confirm(string name, EpochId epoch, Confirmation one)
    {
        var all = _confirmations.Values.FirstOrDefault(other => other.Epoch == epoch && other.Name == name);
        if (all is null)
        {
            all = new EpochConfirmations(name, epoch, _context.Random.NextUInt64() | 1);
            _confirmations.Add(all.Nonce, all);
        }

        all.Add(one);
        (all.AskAt, all.Asked) = (Instant.Min(all.AskAt, _context.Now + s_firstAsk), 0);
        _confirming++;
    }

    /// <summary>The node is about to leave.</summary>
    private void AwaitHandOver(MapHandOverCommand command)
    {
        var (left, isDone, deadline) = (1, true, _context.Now + command.Limit);
        foreach (var map in _maps.Values)
        {
            left++;
            map.AfterWrites(() =>
            {
                foreach (var (epoch, last) in map.Written)
                {
                    left++;
                    if (_context.Now < deadline)
                    {
                        Confirm(map.Name, epoch, new Confirmation(
                            last, isWhole: true, nodes: 1, deadline, have => End(have.Count > 0)));
                    }
                    else
                    {
                        End(isElsewhere: false);
                    }
                }

                End(isElsewhere: true);
            });
        }

        End(isElsewhere: true);

        void End(bool isElsewhere)
        {
            isDone &= isElsewhere;
            if (--left == 0)
            {
                command.Done(isDone);
            }
        }
    }

    private void AskForConfirmations()
    {
        foreach (var all in _confirmations.Values.ToArray())
        {
            if (_context.Now >= all.Deadline)
            {
                Complete(all);
            }

            if (all.Count > 0 && _context.Now >= all.AskAt)
            {
                AskWhoHas(all);
                var pause = s_firstAsk * (1 << Math.Min(++all.Asked, 10));
                all.AskAt = _context.Now + (pause < s_lastAsk ? pause : s_lastAsk);
            }
        }
    }

    private void AskWhoHas(EpochConfirmations all)
    {
        if (!_maps.TryGetValue(all.Name, out var map))
        {
            return;
        }

        var (first, count) = (all.First, _context.Peers.GetPeers(
            _askedPeers.AsSpan(0, Math.Min(all.Missing + SpareAsked, _askedPeers.Length))));
        foreach (var peer in all.Reporters)
        {
            // It may have been started again since, and its store may be gone.
            AskWhatOf(peer, map, all, first);
        }

        foreach (var peer in _askedPeers.AsSpan(0, count))
        {
            if (!all.HasReported(peer.Id))
            {
                AskWhatOf(peer, map, all, first);
            }
        }
    }

    private void AskWhatOf(in Peer peer, SharedMap map, EpochConfirmations all, ulong first)
    {
        var writer = new WireWriter(_buffer.AsSpan(0, MapFrame.DatagramBytes));
        writer.WriteUInt64(all.Nonce);
        WriteName(ref writer, map.NameBytes);
        DotCodec.Write(ref writer, new Dot(all.Epoch, first));
        Send(peer, MapFrame.Has, ref writer);
        if (all.IsWhole)
        {
            // It does not wait for a heartbeat to find out what it lacks.
            _toTell.Clear();
            AddTold(map);
            Tell(peer, flags: 0);
        }
    }

    private void AnswerHas(in Peer from, ulong nonce, ref WireReader reader)
    {
        if (!TryReadName(ref reader, out var name) || !DotCodec.TryRead(ref reader, out Dot dot))
        {
            Counters.Malformed++;
            return;
        }

        var isHere = _maps.TryGetValue(name, out var map);
        if (isHere && map!.Replica.Told is null)
        {
            // What is left of a damaged map is known when the news is durable.
            return;
        }

        var writer = new WireWriter(_buffer.AsSpan(0, MapFrame.DatagramBytes));
        writer.WriteUInt64(nonce);
        writer.WriteUInt64(_opening);
        ReportCodec.Write(
            ref writer, isHere ? map!.Replica.Told!.Context.SeenOf(dot.Epoch) : SequenceSet.Empty, dot.Sequence);
        Send(from, MapFrame.Had, ref writer);
    }

    private void TakeHad(in Peer from, ulong nonce, ref WireReader reader)
    {
        var opening = reader.ReadUInt64();
        if (!ReportCodec.TryRead(ref reader, out var seen))
        {
            Counters.Malformed++;
        }
        else if (_confirmations.TryGetValue(nonce, out var all))
        {
            all.Take(from, opening, seen);
            Complete(all);
        }
        else
        {
            Counters.Strays++;
        }
    }

    private void Complete(EpochConfirmations all)
    {
        _confirming -= all.Complete(_context.Now);
        if (all.Count == 0)
        {
            _confirmations.Remove(all.Nonce);
        }
    }
}
