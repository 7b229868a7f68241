using System.Diagnostics;
using System.Numerics;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Security.Origins;

namespace Hearsay.Protocols.Neighbours;

/// <summary>
/// HyParView: a few stable, symmetric neighbours, and a larger set of spare peers that replace them. The sampling
/// service finds peers to join through and keeps the spare peers mixed. Heartbeats take the place of the paper's
/// connections.
/// </summary>
/// <remarks>
/// A state machine like every protocol: call it only from the node's event loop, one call at a time. In
/// <see cref="NodeCoreOptions.Protocols"/> it must precede the protocols that use it. Source: Leitão, Pereira,
/// Rodrigues, DSN 2007. An attacker that knows ids and addresses but does not see the traffic can neither end a link
/// nor become a neighbour under an address of another node. An attacker that sees the traffic can do both, until
/// packets are authenticated.
/// </remarks>
[DebuggerDisplay("{Count} of {Capacity} neighbours, {SpareCount} spare")]
internal sealed partial class NeighboursProtocol : IProtocol, INeighbours
{
    private const int MaximumObservers = 8;

    private readonly NeighbourOptions _options;
    private readonly ActiveView _active;
    private readonly PassiveView _passive;
    private readonly NeighbourRequests _requests;
    private readonly AskedInVain _vain;
    private readonly ClosedLinks _closed;
    private readonly ShunnedPeers _shunned = new();
    private readonly RoundTripEstimator _roundTrip;
    private readonly byte[] _body = new byte[NeighbourMessage.MaximumBytes];
    private readonly List<INeighbourObserver> _observers = [];
    private IProtocolContext _context = null!;
    private LinkNumbers _numbers = null!;

    /// <summary>Stands between the random stream and the nonces others see.</summary>
    private ulong _nonceKey;

    /// <summary>What the deadline is armed for.</summary>
    private Instant _armed = Instant.Never;

    /// <summary>Where this node was reached when it last told its neighbours.</summary>
    private NodeAddresses _addresses;

    /// <summary>Creates the protocol for one node, which has no neighbours yet.</summary>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message lists all errors.</exception>
    public NeighboursProtocol(NeighbourOptions? options = null)
    {
        _options = options ?? new NeighbourOptions();
        NeighbourValidation.ThrowIfInvalid(_options);
        _active = new ActiveView(_options.ActiveSize);
        _passive = new PassiveView(_options.PassiveSize);
        _requests = new NeighbourRequests(_options.ActiveSize);
        _vain = new AskedInVain(2 * _options.PassiveSize);
        _closed = new ClosedLinks(_options.ActiveSize);
        _roundTrip = NewEstimator();
    }

    /// <inheritdoc/>
    public byte Id => NeighbourMessage.Protocol;

    /// <inheritdoc/>
    public int Capacity => _options.ActiveSize;

    /// <inheritdoc/>
    public uint Up => _active.Up;

    /// <summary>The number of neighbours, from 0 to <see cref="Capacity"/>.</summary>
    public int Count => _active.Count;

    /// <summary>The number of spare peers.</summary>
    public int SpareCount => _passive.Count;

    /// <summary>The counters of the protocol.</summary>
    public NeighbourCounters Counters { get; } = new();

    internal ActiveView Active => _active;

    internal PassiveView Passive => _passive;

    internal NeighbourRequests Requests => _requests;

    private Instant Now => _context.Now;

    /// <inheritdoc/>
    public Peer this[int slot] => _active.IsUp(slot) ? _active[slot].Peer : default;

    /// <inheritdoc/>
    public ulong LinkNumber(int slot) => _active.IsUp(slot) ? _active[slot].Number : 0;

    /// <inheritdoc/>
    public bool TryFind(in Peer from, ulong number, out int slot)
    {
        if (!TryFindUp(from.Id, number, out slot))
        {
            return _closed.Contains(from.Id, number, Now);
        }

        Arm();
        return true;
    }

    /// <inheritdoc/>
    public TimeSpan RoundTrip(int slot) => _active.IsUp(slot) ? _active[slot].RoundTrip.Smoothed : TimeSpan.Zero;

    /// <inheritdoc/>
    public void Watch(INeighbourObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (_context is not null || _observers.Count == MaximumObservers)
        {
            throw new InvalidOperationException($"At most {MaximumObservers} observers can be added, and only "
                + "before the node starts.");
        }

        _observers.Add(observer);
    }

    /// <inheritdoc/>
    public void Start(IProtocolContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        ref var random = ref context.Random;
        _nonceKey = random.NextUInt64();
        _numbers = new LinkNumbers(SeededRandom.Mix(random.NextUInt64() ^ _nonceKey), random.NextUInt64());
        _addresses = context.Self.Addresses;
        _shuffleAt = Now + random.Between(_options.ShufflePeriod / 2, _options.ShufflePeriod);
        _refillAt = Now + _options.RefillPeriod;
        _mixAfter = _options.MixPeriod / FirstMix;
        _mixAt = Now + random.Between(0.5 * _mixAfter, 1.5 * _mixAfter);
        Arm();
    }

    /// <inheritdoc/>
    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        switch (type)
        {
            case NeighbourMessage.Ask:
                OnAsk(from, ref reader);
                break;
            case NeighbourMessage.Accept:
                OnAccept(from, ref reader);
                break;
            case NeighbourMessage.Refuse:
                OnRefuse(from, ref reader);
                break;
            case NeighbourMessage.Confirm:
                OnConfirm(from, ref reader);
                break;
            case NeighbourMessage.Disconnect:
                OnDisconnect(from, ref reader);
                break;
            case NeighbourMessage.Ping or NeighbourMessage.Pong:
                OnHeartbeat(from, type, ref reader);
                break;
            case NeighbourMessage.ForwardJoin:
                OnForwardJoin(from, ref reader);
                break;
            case NeighbourMessage.Shuffle:
                OnShuffle(from, ref reader);
                break;
            case NeighbourMessage.ShuffleReply:
                OnShuffleReply(ref reader);
                break;
            default:
                Counters.Unexpected++;
                break;
        }

        Arm();
    }

    /// <inheritdoc/>
    public void OnDue(IProtocolContext context, long token)
    {
        for (var slots = _active.Up; slots != 0; slots &= slots - 1)
        {
            var slot = BitOperations.TrailingZeroCount(slots);
            if (_active.IsUp(slot) && _active[slot].CheckAt <= Now)
            {
                Probe(slot);
            }
        }

        foreach (var request in _requests.All)
        {
            if (!request.IsFree && request.DueAt <= Now)
            {
                Repeat(request);
            }
        }

        if (_shuffleAt <= Now)
        {
            Shuffle();
        }

        if (_refillAt <= Now && Room > 0)
        {
            BeginRound();
        }

        if (_mixAt <= Now)
        {
            Mix();
        }

        Arm();
    }

    /// <inheritdoc/>
    public void OnViewChange(IProtocolContext context, in ViewChange change)
    {
        if (change.Kind == ViewChangeKind.Added && Count == 0 && _requests.Count == 0 && _context is not null)
        {
            // The whole change of the view comes first: all newcomers would ask the same seed otherwise.
            _refillAt = Now;
            Arm();
        }
    }

    /// <inheritdoc/>
    public void OnLeave(IProtocolContext context)
    {
        for (var slots = _active.Up; slots != 0; slots &= slots - 1)
        {
            var link = _active[BitOperations.TrailingZeroCount(slots)];
            SendDisconnect(link.Peer, link.Number, lives: false);
        }
    }

    /// <summary>Throws if the state breaks an invariant; for tests.</summary>
    internal void AssertInvariants()
    {
        Require(_active.Count + _requests.Confirming <= Capacity, "Neighbours and those to be exceed the slots.");
        for (var slots = _active.Up; slots != 0; slots &= slots - 1)
        {
            var slot = BitOperations.TrailingZeroCount(slots);
            var id = _active[slot].Peer.Id;
            Require(_active.Find(id) == slot, "A peer has two slots.");
            Require(id != _context.Self.Id, "A node is its own neighbour.");
            Require(!_passive.Contains(id), "A neighbour is a spare peer.");
        }

        Require(!_passive.Contains(_context.Self.Id), "A node is its own spare peer.");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvalidOperationException(message);
        }
    }

    private RoundTripEstimator NewEstimator() => new(_options.MinimumTimeout, _options.MaximumTimeout);

    private ulong NextNonce() => SeededRandom.Mix(_context.Random.NextUInt64() ^ _nonceKey);

    /// <summary>Arms the earliest of all deadlines.</summary>
    private void Arm()
    {
        var due = Instant.Min(_mixAt, Room > 0 ? Instant.Min(_shuffleAt, _refillAt) : _shuffleAt);
        for (var slots = _active.Up; slots != 0; slots &= slots - 1)
        {
            due = Instant.Min(due, _active[BitOperations.TrailingZeroCount(slots)].CheckAt);
        }

        foreach (var request in _requests.All)
        {
            due = Instant.Min(due, request.DueAt);
        }

        _armed = due;
        _context.Schedule(due - Now, 0);
    }
}
