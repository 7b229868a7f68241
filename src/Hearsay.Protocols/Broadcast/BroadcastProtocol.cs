using System.Buffers.Binary;
using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Large;
using Hearsay.Protocols.Broadcast.Reach;
using Hearsay.Protocols.Broadcast.Repair;
using Hearsay.Protocols.Broadcast.Store;
using Hearsay.Protocols.Broadcast.Tree;
using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Transfer;

namespace Hearsay.Protocols.Broadcast;

/// <summary>
/// Spreads messages to all nodes over the links between neighbours. Each source has a tree of its own. Messages are
/// pushed along the tree and announced over the other links. A node pulls messages that are missing, and from time to
/// time compares what it has with its neighbours.
/// </summary>
/// <remarks>
/// A node delivers each message at most once. If one node that stays up and connected has received a message, all nodes
/// that stay up and connected receive it, unless it gets older than <see cref="BroadcastOptions.Retention"/> before.
/// Call it only inside the node's event loop. Source: Plumtree (Leitao, Pereira, Rodrigues, SRDS 2007). Unlike there,
/// each source has a directed tree: a node pushes to its children and receives pushes from its parent.
/// </remarks>
internal sealed partial class BroadcastProtocol : IProtocol, INeighbourObserver
{
    private readonly BroadcastOptions _options;
    private readonly INeighbours _neighbours;
    private readonly IBroadcastSink _sink;
    private readonly BroadcastLink[] _links;

    /// <summary>Bounds what comes over no link that is up, from all together.</summary>
    private readonly BroadcastLink _noLink = new();
    private readonly LagEstimator _lag = new();
    private readonly Peer[] _fanout;
    private SourceTable _sources = null!;
    private MessageStore _store = null!;
    private MissingTable _missing = null!;
    private IProtocolContext? _context;

    /// <summary>This life of this node.</summary>
    private SourceKey _self;

    private ulong _sequence;

    /// <summary>The same for what is not repaired.</summary>
    private ulong _unrepairedSequence;
    private Instant _flushAt = Instant.Never;
    private Instant _armed = Instant.Never;

    /// <summary>The slots with requests that wait for the end of the input.</summary>
    private uint _wanting;

    /// <summary>Creates the broadcast of one node.</summary>
    /// <param name="options">The options.</param>
    /// <param name="neighbours">
    /// The links of the node. If they are a protocol themselves, they must precede this one in the node's list.
    /// </param>
    /// <param name="sink">Receives the messages.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message lists all errors.</exception>
    public BroadcastProtocol(BroadcastOptions options, INeighbours neighbours, IBroadcastSink sink)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(neighbours);
        ArgumentNullException.ThrowIfNull(sink);
        var errors = options.Errors();
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        }

        (_options, _neighbours, _sink, _publishes) = (options, neighbours, sink, new PublishQueue(options));
        _links = [.. Enumerable.Range(0, neighbours.Capacity).Select(_ => new BroadcastLink())];
        _fanout = new Peer[options.Fanout];
        _transfers = new Transfers<LargeMessage>(OptionsOfLarge(options), Counters.Transfer, this);
        _reach = new ReachTracker(options, Counters, this, _links);
        _turns = new RepairTurns(options, Counters, this);
        neighbours.Watch(this);
    }

    /// <inheritdoc/>
    public byte Id => BroadcastFrame.Protocol;

    /// <summary>The counters of broadcast on this node.</summary>
    public BroadcastCounters Counters { get; } = new();

    /// <summary>
    /// About how many nodes there are: what the node measures, or <see cref="BroadcastOptions.FirstSizeGuess"/>.
    /// </summary>
    private double NetworkSize => _context!.NetworkSize ?? _options.FirstSizeGuess;

    internal MessageStore Store => _store;

    internal SourceTable Sources => _sources;

    internal MissingTable Missing => _missing;

    internal IReadOnlyList<BroadcastLink> Links => _links;

    private Instant Now => _context!.Now;

    /// <inheritdoc/>
    public void Start(IProtocolContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var self = context.Self;
        var hashKey = context.Random.NextUInt64();
        (_context, _self, _proofs) = (context, new SourceKey(self.Id, self.Incarnation), context.Proofs);
        _sources = new SourceTable(_options.SourceCapacity, Counters, hashKey);
        _store = new MessageStore(_options, Counters, _sources, hashKey);
        _missing = new MissingTable(hashKey);
        _reach.OrphanKey = self.Id.Low;
        _unsent = new UnsentMessages(Counters, this, _store, SendFirst);
        _digests = new DigestWriter(_options, this, _sources, _self);
        (_departure, _lacking) = (new Departure(Counters, this, _store), new LackingMessages(_sources, _store));
        _repairAt = context.Now + context.Random.Between(TimeSpan.Zero, _options.RepairInterval);
        Arm();
    }

    /// <inheritdoc/>
    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        if (body.Length < BroadcastFrame.LinkBytes)
        {
            Counters.Malformed++;
            return;
        }

        var link = BinaryPrimitives.ReadUInt64BigEndian(body);
        _sender = from.Id;
        if (!MayHear(from, link, type, out var slot))
        {
            return;
        }

        if (link == 0 && context.MustProve(out var source))
        {
            KeepUntilProven(source, body[BroadcastFrame.LinkBytes..]);
            return;
        }

        try
        {
            Dispatch(slot, type, body[BroadcastFrame.LinkBytes..]);
        }
        finally
        {
            FinishInput();
        }
    }

    /// <summary>
    /// Whether a frame may be handled: it came over a link, or it is a message or a chunk and the link has just closed,
    /// or a message of <see cref="BroadcastMode.Fanout"/>, which goes over none. A sender's name proves nothing.
    /// </summary>
    private bool MayHear(in Peer from, ulong link, byte type, out int slot)
    {
        slot = -1;
        if (link != 0 && _neighbours.TryFind(from, link, out slot))
        {
            if (slot >= 0)
            {
                _neighbours.Heard(slot);
                return true;
            }

            var isContent = type is BroadcastFrame.Message or BroadcastFrame.Chunk;
            Counters.AfterClose += isContent ? 0 : 1;
            return isContent;
        }

        slot = -1;
        if (link == 0 && type == BroadcastFrame.Message && _options.Mode == BroadcastMode.Fanout)
        {
            return true;
        }

        Counters.Strangers++;
        return false;
    }

    /// <inheritdoc/>
    public void OnDue(IProtocolContext context, long token)
    {
        _armed = Instant.Never;
        try
        {
            if (Now >= _flushAt)
            {
                FlushAnnouncements();
            }

            if (Now >= _unsent.NextDue)
            {
                _unsent.Send();
            }

            if (Now >= _departure.NextDue)
            {
                _departure.Ask();
            }

            FanOut();
            PullWhatIsDue();
            RepairIfDue();
            AskForGaps();
            _transfers.OnDue();
            LookAfterFlow();
            _reach.Report();
        }
        finally
        {
            FinishInput();
        }
    }

    /// <inheritdoc/>
    public void OnCommand(IProtocolContext context, object command)
    {
        if (command is PublishCommand publish)
        {
            PublishInTurn(publish);
            FinishInput();
        }
        else if (command is WithdrawCommand withdraw)
        {
            Withdraw(withdraw.Publish);
        }
        else if (command is HeldCommand held)
        {
            DeliverHeld(held.Topic.Span, held.Sink);
            held.Done();
        }
        else if (command is HandOverCommand handOver)
        {
            BeginHandOver(handOver);
            FinishInput();
        }
    }

    /// <summary>Publishes a message if the links accept it. Call it only inside the node's event loop.</summary>
    /// <param name="topic">The topic in UTF-8.</param>
    /// <param name="payload">The payload. It is copied before the call returns.</param>
    /// <param name="id">The id of the message; the default value if it was not published.</param>
    /// <param name="isTracked">
    /// Whether nodes acknowledge the message, for <see cref="ReachOf"/>. That costs about three small frames per node.
    /// </param>
    /// <param name="isRepaired">
    /// Whether neighbours compare later which of them have it. If not, what the tree and the announcements lose is for
    /// the publisher to find.
    /// </param>
    /// <returns>Whether the message was published, and if not, why.</returns>
    public PublishOutcome TryPublish(
        ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, out BroadcastId id, bool isTracked = false,
        bool isRepaired = true)
    {
        id = default;
        if (_context is null)
        {
            return PublishOutcome.NotStarted;
        }

        if (_departure.HasBegun)
        {
            return PublishOutcome.Leaving;
        }

        if (!_publishes.IsEmpty || !MayPublish(OwnSource(isRepaired)))
        {
            Counters.PublishesRefused++;
            return PublishOutcome.Congested;
        }

        try
        {
            return PublishNow(topic, payload, out id, isTracked, isRepaired: isRepaired);
        }
        finally
        {
            FinishInput();
        }
    }

    /// <inheritdoc/>
    void INeighbourObserver.OnNeighbourUp(int slot)
    {
        Forget(slot);
        if (_context is null)
        {
            return;
        }

        _turns.Greet(slot);
        _reach.TellOrphansAnew();
        _unsent.Send();
        _departure.AskOver(slot);
        FinishInput();
    }

    /// <inheritdoc/>
    void INeighbourObserver.OnNeighbourDown(int slot, in Peer was)
    {
        Forget(slot);
        _departure?.Check();
        if (_context is not null)
        {
            Arm();
        }
    }

    private void Forget(int slot)
    {
        _sources?.ForgetSlot(slot);
        _missing?.ForgetLink(slot);
        _links[slot].Reset();
        _turns.ForgetLink(slot);
        _transfers.ForgetLink(slot);
        _reach.ForgetLink(slot);
        _departure?.ForgetLink(slot);
        ForgetFlow(slot);
    }

    private void Dispatch(int slot, byte type, ReadOnlySpan<byte> body)
    {
        var read = type switch
        {
            BroadcastFrame.Message => TakeMessage(slot, body),
            BroadcastFrame.Have => TakeHave(slot, body),
            BroadcastFrame.Want => TakeWant(slot, body),
            BroadcastFrame.Gone => TakeGone(slot, body),
            BroadcastFrame.Graft => TakeGraft(slot, body),
            BroadcastFrame.Prune => TakePrune(slot, body),
            BroadcastFrame.Coming => TakeComing(slot, body),
            BroadcastFrame.Digest => TakeDigest(slot, body),
            BroadcastFrame.Fetch => TakeFetch(slot, body),
            BroadcastFrame.WantChunks => TakeWantChunks(slot, body),
            BroadcastFrame.Chunk => TakeChunk(slot, body),
            BroadcastFrame.Reach => _reach.Take(slot, body),
            BroadcastFrame.OrphanReach => _reach.TakeOrphan(slot, body),
            BroadcastFrame.Farewell => TakeFarewell(slot, body),
            BroadcastFrame.Lacking => _departure.TakeLacking(slot, body),
            BroadcastFrame.NoChunks => TakeNoChunks(slot, body),
            BroadcastFrame.Credit => TakeCredit(slot, body),
            // A frame of a later version.
            _ => true,
        };
        Counters.Malformed += read ? 0 : 1;
    }

    /// <summary>After every input: requests go out together, and the next deadline is set.</summary>
    private void FinishInput()
    {
        PublishWhatWaits();
        _departure.BeginWhenDrained();
        while (_wanting != 0)
        {
            var slot = BitOperations.TrailingZeroCount(_wanting);
            _wanting &= _wanting - 1;
            SendNames(slot, BroadcastFrame.Want, _links[slot].Wants);
        }

        Arm();
    }

    private void Arm()
    {
        var next = Instant.Min(Instant.Min(_flushAt, _missing.NextDue), Instant.Min(_repairAt, _transfers.NextDue));
        next = Instant.Min(Instant.Min(next, FanoutAt), Instant.Min(_reach.NextDue, _turns.NextDue));
        next = Instant.Min(next, Instant.Min(_unsent.NextDue, _departure.NextDue));
        next = Instant.Min(next, Instant.Min(_flowAt, _gapsAt));
        if (next != _armed)
        {
            _armed = next;
            _context!.Schedule(next - Now, 0);
        }
    }

    private bool SendControl(int slot, byte type, ReadOnlySpan<byte> body)
    {
        Counters.ControlSent++;
        Counters.ControlBytesSent += BroadcastFrame.LinkBytes + body.Length;
        Span<byte> bytes = stackalloc byte[BroadcastFrame.LinkBytes + body.Length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _neighbours.LinkNumber(slot));
        body.CopyTo(bytes[BroadcastFrame.LinkBytes..]);
        return _context!.Send(_neighbours[slot], type, bytes);
    }

    private void SendNames(int slot, byte type, NameBatch names)
    {
        if (!names.IsEmpty && IsUp(slot))
        {
            SendControl(slot, type, names.Bytes);
        }

        names.Clear();
    }

    private bool IsUp(int slot) => (_neighbours.Up & (1u << slot)) != 0;
}
