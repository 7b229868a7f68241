using System.Text;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.AntiEntropy;

/// <content>Heartbeats: whether two nodes have the same.</content>
internal sealed partial class AntiEntropyProtocol
{
    private const byte AnswerFlag = 1;

    private readonly List<(byte[] Name, Heartbeat Beat)> _toTell = [];
    private readonly PeerClocks _clocks = new();

    /// <summary>
    /// When the map that was compared longest ago was found equal to a peer's, or took in what a peer had; never if
    /// none was yet. Any thread.
    /// </summary>
    public Instant OldestComparison => new(Volatile.Read(ref _oldestComparison));

    private long _oldestComparison = Instant.Never.Ticks;

    /// <summary>Tells a random peer what this node has.</summary>
    private void BeatToSomebody()
    {
        _lastBeat = _context.Now;
        if (_maps.Count == 0 || (!_met.TryDequeue(out var peer) && !_context.Peers.TryGetPeer(out peer)))
        {
            return;
        }

        _toTell.Clear();
        var (first, index) = (_firstToTell % _maps.Count, 0);
        foreach (var map in _maps.Values.Concat(_maps.Values))
        {
            if (index++ >= first && _toTell.Count < Math.Min(_maps.Count, MapFrame.MostBeats))
            {
                AddTold(map);
            }
        }

        _firstToTell = first + Tell(peer, flags: 0);
    }

    private void AddTold(SharedMap map)
    {
        if (map.Told is { } told)
        {
            _toTell.Add((map.NameBytes, told));
        }
    }

    /// <summary>Sends heartbeats, as many as fit a datagram; returns how many.</summary>
    private int Tell(in Peer peer, byte flags)
    {
        var writer = new WireWriter(_buffer.AsSpan(0, MapFrame.DatagramBytes));
        writer.WriteByte(flags);
        Varint.Write(ref writer, (ulong)_toTell.Count);
        var told = 0;
        foreach (var (name, beat) in _toTell)
        {
            var start = writer.Position;
            WriteName(ref writer, name);
            beat.Write(ref writer);
            if (writer.Failed)
            {
                writer.Rewind(start);
                break;
            }

            told++;
        }

        writer.Patch(1, (byte)told);
        if (_stores.UtcMilliseconds is > 0 and var clock)
        {
            writer.WriteUInt64((ulong)clock);
        }

        Counters.HeartbeatsSent += Send(peer, MapFrame.Beat, ref writer) ? told : 0;
        return told;
    }

    private void TakeBeat(in Peer from, ref WireReader reader)
    {
        var flags = reader.ReadByte();
        if (!Varint.TryRead(ref reader, out var count) || count > MapFrame.MostBeats)
        {
            Counters.Malformed++;
            return;
        }

        var isProven = !_context.MustProve(out _);
        if (isProven)
        {
            Know(from.Id);
        }

        _toTell.Clear();
        for (; count > 0; count--)
        {
            if (!TryReadName(ref reader, out var name) || !Heartbeat.TryRead(ref reader, out var theirs))
            {
                Counters.Malformed++;
                break;
            }

            if (_maps.TryGetValue(name, out var map)
                || (isProven && theirs.ContextHash != _emptyContext && TryOpen(name, out map)))
            {
                Compare(map, from, theirs, isProven);
            }
            else if (theirs.ContextHash == _emptyContext)
            {
                // Nothing was ever written there, so this node need not hold it; but it says that it has nothing.
                _toTell.Add((Encoding.UTF8.GetBytes(name), new Heartbeat(0, _emptyContext, 0, IsTrusted: true)));
            }
        }

        if (isProven && count == 0 && reader.Rest.Length >= sizeof(ulong))
        {
            TakeClock(from.Id, reader.ReadUInt64());
        }

        if ((flags & AnswerFlag) == 0 && _toTell.Count > 0)
        {
            Tell(from, AnswerFlag);
        }
    }

    private void TakeClock(NodeId peer, ulong theirs)
    {
        if (_stores.UtcMilliseconds is > 0 and var mine && theirs <= long.MaxValue)
        {
            _clocks.Add(peer, (long)theirs - mine);
            var isOff = Math.Abs(_clocks.MedianMilliseconds) > (long)_options.ClockTolerance.TotalMilliseconds;
            if (isOff != Counters.IsClockOff)
            {
                Counters.IsClockOff = isOff;
                _stores.OnClock(TimeSpan.FromMilliseconds(_clocks.MedianMilliseconds), isOff);
            }
        }
    }

    private void Compare(SharedMap map, in Peer from, in Heartbeat theirs, bool isProven)
    {
        // Equal to what is durable here, or to what soon will be.
        var mine = map.Heartbeat;
        var isEqual = mine.IsSameAs(theirs) || (map.Told is { } told && told.IsSameAs(theirs));
        if (isEqual && isProven)
        {
            Compared(map);
            map.ProofAt = _context.Now + s_proof;
        }

        map.CyclesAlone = theirs.IsTrusted ? 0 : map.CyclesAlone;
        if (!isEqual || (mine.IsTrusted && !theirs.IsTrusted) || theirs.ContextHash == _emptyContext)
        {
            AddTold(map);
        }

        if (isEqual && (mine.IsTrusted || !theirs.IsTrusted))
        {
            return;
        }

        Counters.Differences++;
        if (isProven && theirs.ContextHash != _emptyContext)
        {
            BeginPull(map, from, ProofOr(map, ModeFor(map, mine, theirs)));
        }
    }

    private void Compared(SharedMap map)
    {
        map.Compared(_context.Now);
        var oldest = _context.Now;
        foreach (var other in _maps.Values)
        {
            oldest = other.IsCompared ? Instant.Min(oldest, other.ComparedAt) : oldest;
        }

        Volatile.Write(ref _oldestComparison, oldest.Ticks);
    }

    private static PullMode ModeFor(SharedMap map, in Heartbeat mine, in Heartbeat theirs)
    {
        if (!mine.IsTrusted || !theirs.IsTrusted || mine.ContextHash == theirs.ContextHash)
        {
            // Contexts prove nothing, or both have seen the same and have not the same.
            return mine.Rows == 0 ? PullMode.Snapshot : PullMode.Sketch;
        }

        return mine.Rows == 0 && map.Replica.Context.Open.IsEmpty && map.Replica.Context.Folded.IsEmpty
            ? PullMode.Snapshot : theirs.KnowsBrief ? PullMode.Brief : PullMode.Context;
    }
}
