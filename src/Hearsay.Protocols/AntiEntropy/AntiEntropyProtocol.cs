using System.Text;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.AntiEntropy.Sketch;
using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.AntiEntropy;

/// <summary>
/// Replicated maps of one node. Writes go to all nodes by broadcast. Once a cycle the node compares its maps with those
/// of a random peer, by their roots and the hashes of their contexts. Where these differ, each of the two asks the
/// other for what it lacks.
/// </summary>
/// <remarks>
/// An exchange takes in one direction only, and has no effect before all of it has come. It goes on from where it is
/// when frames are lost, and is forgotten when the peer stays silent. See <see cref="MapFrame"/> for the frames, and
/// <see cref="MapReplica"/> for what an exchange does. Each node needs an object of its own. Call it only from the
/// node's event loop.
/// </remarks>
internal sealed partial class AntiEntropyProtocol : IProtocol
{
    /// <summary>How many peers a node tells at once that has just got much that is new.</summary>
    private const int NewsFanout = 3;

    /// <summary>How often it does so again, a quarter of a cycle later: some of those told had it, or a frame was lost.
    /// </summary>
    private const int NewsRepeats = 2;

    /// <summary>How soon a node that knows of a difference speaks to another peer.</summary>
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(50);

    private readonly MapOptions _options;
    private readonly IMapStores _stores;
    private readonly IEventCarrier? _carrier;
    private readonly ReplicaOptions _replicas;
    private readonly UInt128 _emptyContext;
    private readonly SortedDictionary<string, SharedMap> _maps = new(StringComparer.Ordinal);
    private readonly byte[] _buffer = new byte[MapFrame.MostBytes];
    private IProtocolContext _context = null!;
    private ulong _opening;
    private Instant _origin;
    private Instant _nextBeat;
    private Instant _lastBeat;
    private Instant _armed = Instant.Never;
    private int _firstToTell;

    /// <summary>How many peers the next heartbeat goes to.</summary>
    private int _peersToTell = 1;

    /// <summary>How many more times several peers are told what is new.</summary>
    private int _newsLeft;

    /// <summary>The last packet with a frame that is answered.</summary>
    private long _lastQuestion = -1;

    /// <summary>Whether events go to all nodes at once; else heartbeats spread them.</summary>
    private bool Carries => _carrier is { LongestBytes: > 0 };

    /// <summary>Creates the protocol for one node.</summary>
    /// <param name="options">The options.</param>
    /// <param name="stores">Where maps are kept.</param>
    /// <param name="carrier">Takes events to all nodes; null leaves all to exchanges.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message lists all errors.</exception>
    public AntiEntropyProtocol(MapOptions options, IMapStores stores, IEventCarrier? carrier = null)
    {
        if (options.Errors() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        }

        (_options, _stores, _carrier) = (options, stores, carrier);
        _returned = new ReturnedPeers(
            LongAbsenceCycles * options.CycleTime, MostLookCycles * options.CycleTime);
        var secret = Encoding.UTF8.GetBytes(options.Secret);
        var (key0, key1) = (new KeyedHash(1, 2).Of(secret), new KeyedHash(3, 4).Of(secret));
        _replicas = new ReplicaOptions
        {
            Digester = new RowDigester(key0, key1),
            SketchKey = new SketchKey(SeededRandom.Mix(key0), SeededRandom.Mix(key1)),
            SketchCells = options.SketchCells,
            LogLength = options.RemovalLogLength,
            MostEntries = (int)Math.Min(MostEntries, options.MaximumExchangeBytes / BytesPerEntry),
        };
        _emptyContext = _replicas.Digester.Of(CausalContext.Empty);
    }

    /// <inheritdoc/>
    public byte Id => MapFrame.Protocol;

    /// <summary>What it counts.</summary>
    public MapCounters Counters { get; } = new();

    /// <summary>How many maps the node holds, after the last input.</summary>
    public int MapCount => _maps.Count;

    /// <summary>How many rows all maps have together, after the last input.</summary>
    public long RowCount { get; private set; }

    /// <summary>How many exchanges are open, after the last input.</summary>
    public int OpenExchanges => _pulls.Count + _served.Count;

    /// <summary>The maps by name. Only inside the event loop.</summary>
    public IReadOnlyDictionary<string, SharedMap> Maps => _maps;

    /// <summary>
    /// Reads what is stored before the node starts, so that whoever starts it learns of a store that is damaged.
    /// </summary>
    /// <param name="self">The id of the node.</param>
    public void OpenStored(NodeId self)
    {
        foreach (var name in _stores.Stored.Take(_options.MaximumMaps))
        {
            _maps.Add(name, new SharedMap(name, self, _stores, _replicas));
        }
    }

    /// <inheritdoc/>
    public void Start(IProtocolContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        (_context, _opening) = (context, context.Self.Incarnation);
        _origin = context.Now + context.Random.Between(TimeSpan.Zero, _options.CycleTime);
        _nextBeat = NextCycle();
        foreach (var map in _maps.Values)
        {
            RowCount += map.Replica.Count;
            Settle(map, map.Replica.Count);
        }

        foreach (var name in _stores.Stored)
        {
            TryOpen(name, out _);
        }

        _stores.OnStoredOpened();
        Arm();
    }

    /// <inheritdoc/>
    public void OnCommand(IProtocolContext context, object command)
    {
        switch (command)
        {
            case MapWriteCommand write:
                Write(write);
                break;
            case MapOpenCommand open:
                var isOpen = TryOpen(open.Name, out _);
                open.Done?.Invoke(isOpen);
                break;
            case MapSyncedCommand synced when _maps.TryGetValue(synced.Name, out var map):
                Settle(map, map.Replica.Count);
                break;
            case MapHandOverCommand handOver:
                AwaitHandOver(handOver);
                break;
        }

        Arm();
    }

    /// <inheritdoc/>
    public void OnDue(IProtocolContext context, long token)
    {
        _armed = Instant.Never;
        PushWhatWaits();
        RetryPulls();
        AskForConfirmations();
        if (_context.Now >= _nextBeat)
        {
            _nextBeat = NextCycle();
            ForgetServed();
            foreach (var map in _maps.Values)
            {
                Tend(map);
            }

            LookForOneThatIsAway();
            for (_peersToTell += _met.Count; _peersToTell > 0; _peersToTell--)
            {
                BeatToSomebody();
            }

            _peersToTell = 1;
            if (_newsLeft > 0)
            {
                _newsLeft--;
                _peersToTell = NewsFanout;
                _nextBeat = Instant.Min(_nextBeat, _context.Now + (_options.CycleTime / 4));
            }
        }

        Arm();
    }

    /// <inheritdoc/>
    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        Counters.BytesReceived += body.Length;
        var reader = new WireReader(body);
        if (IsQuestion(type) && context.PacketNumber == _lastQuestion)
        {
            // No node asks twice in one packet. Who does wants to draw more than it sends.
            Counters.Refused++;
            return;
        }

        _lastQuestion = IsQuestion(type) ? context.PacketNumber : _lastQuestion;
        if (type == MapFrame.Beat)
        {
            TakeBeat(from, ref reader);
        }
        else if (context.MustProve(out _))
        {
            // Whoever asks asks again, and will have proven the address by then.
            Counters.Unproven++;
        }
        else
        {
            Know(from.Id);
            Dispatch(from, type, ref reader);
        }

        Arm();
    }

    /// <summary>An event came by broadcast, as <see cref="IEventCarrier"/> got it. Inside the event loop.</summary>
    public void Hear(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        if (!TryReadName(ref reader, out var name) || !EventCodec.TryRead(ref reader, out MapEvent heard))
        {
            Counters.Malformed++;
            return;
        }

        if (_context is null || heard.Dot.Epoch.Node == _context.Self.Id
            && (!_maps.TryGetValue(name, out var own) || own.Replica.Context.Covers(heard.Dot)))
        {
            return;
        }

        if (TryOpen(name, out var map))
        {
            Apply(map, heard);
        }

        Arm();
    }

    private static bool IsQuestion(byte type) => type
        is MapFrame.Beat or MapFrame.Ask or MapFrame.Fetch or MapFrame.Cells or MapFrame.Want or MapFrame.Has;

    private void Dispatch(in Peer from, byte type, ref WireReader reader)
    {
        var nonce = reader.ReadUInt64();
        switch (type)
        {
            case MapFrame.Ask:
                Serve(from, nonce, ref reader);
                break;
            case MapFrame.Fetch:
                ServePiece(from, nonce, ref reader);
                break;
            case MapFrame.Cells:
                ServeCells(from, nonce, ref reader);
                break;
            case MapFrame.Want:
                ServeRows(from, nonce, ref reader);
                break;
            case MapFrame.Offer:
                TakeOffer(from, nonce, ref reader);
                break;
            case MapFrame.Piece:
                TakePiece(from, nonce, ref reader);
                break;
            case MapFrame.Chunk:
                TakeChunk(from, nonce, ref reader);
                break;
            case MapFrame.Folds:
                TakeFolds(from, nonce, ref reader);
                break;
            case MapFrame.Has:
                AnswerHas(from, nonce, ref reader);
                break;
            case MapFrame.Had:
                TakeHad(from, nonce, ref reader);
                break;
            case MapFrame.End:
                TakeEnd(from, nonce, ref reader);
                break;
            default:
                Counters.Malformed++;
                break;
        }
    }

    private Instant NextCycle() => Cadence.Next(_origin + -_options.CycleTime, _options.CycleTime, _context.Now);

    /// <summary>A difference is known of: speaks to a peer soon, if that was not just done.</summary>
    private void BeatSoon()
    {
        var earliest = Instant.Max(_lastBeat + s_soon, _context.Now);
        if (_nextBeat > earliest + s_soon)
        {
            _nextBeat = earliest + _context.Random.Between(TimeSpan.Zero, s_soon);
        }
    }

    private void Arm()
    {
        var due = _maps.Count > 0 ? Instant.Min(_nextBeat, _pushAt) : Instant.Never;
        if (_pulls.Count > 0)
        {
            due = Instant.Min(due, _pulls.Values.Min(static map => map.Pull!.RetryAt));
        }

        if (_confirmations.Count > 0)
        {
            due = Instant.Min(due, _confirmations.Values.Min(
                static all => Instant.Min(all.AskAt, all.Deadline)));
        }

        if (due != _armed && due != Instant.Never)
        {
            _armed = due;
            _context.Schedule(due - _context.Now, 0);
        }
    }

    private bool TryOpen(string name, out SharedMap map)
    {
        if (_maps.TryGetValue(name, out map!))
        {
            return true;
        }

        if (_maps.Count >= _options.MaximumMaps)
        {
            Counters.MapsRefused++;
            return false;
        }

        map = new SharedMap(name, _context.Self.Id, _stores, _replicas);
        _maps.Add(name, map);
        Settle(map, rowsBefore: 0);
        _nextBeat = Instant.Min(_nextBeat, NextCycle());
        return true;
    }

    private bool Send(in Peer to, byte type, ref WireWriter writer)
    {
        if (writer.Failed || !_context.Send(to, type, writer.Written))
        {
            return false;
        }

        Counters.BytesSent += writer.Position;
        return true;
    }

    private static void WriteName(ref WireWriter writer, byte[] name)
    {
        writer.WriteByte((byte)name.Length);
        writer.WriteBytes(name);
    }

    /// <summary>Reads the name of a map; false if it is none.</summary>
    private static bool TryReadName(ref WireReader reader, out string name)
    {
        var length = reader.ReadByte();
        var bytes = reader.ReadBytes(length);
        var ok = !reader.Failed && length is > 0 and <= MapOptions.LongestNameBytes;
        name = ok && System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : "";
        return name.Length > 0;
    }
}
