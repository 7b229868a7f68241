using System.Diagnostics;
using Hearsay.Protocols.Composition;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Node;
using Hearsay.Protocols.Node.Peers;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Sampling.Samplers;
using Hearsay.Protocols.Sampling.View;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols;

/// <summary>
/// A whole node without input or output: the peer sampling service and any application protocols over one packet
/// format. The live node and the simulated node are thin drivers of this class.
/// </summary>
/// <remarks>
/// Every input comes with its instant, and instants never go back. Call one method at a time; a call never blocks.
/// Effects go to the <see cref="INodeDriver"/>. After a call, <see cref="NextDue"/> says when to call
/// <see cref="OnDue"/>. Samplers created by <see cref="Samplers"/> may be used from any thread at any time.
/// </remarks>
[DebuggerDisplay("{Self.Id}, {_sampling.Handles.Length} peers")]
public sealed partial class NodeCore
{
    private readonly NodeState _state;
    private readonly PeerSamplingProtocol _sampling;
    private readonly PeerSource _source;
    private readonly ViewFanOut _viewFanOut;
    private readonly ViewPublisher _view;
    private readonly SamplerSet _samplers;

    /// <summary>Application protocols with their contexts, in the order given.</summary>
    private ProtocolContext[] _protocols;
    private readonly ulong _seed;

    /// <summary>Whether the view is published only when it is asked for.</summary>
    private bool _publishesOnDemand;

    /// <summary>Creates a node, which has not started yet.</summary>
    /// <param name="options">The options of the node.</param>
    /// <param name="driver">Receives the effects.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message lists all errors.</exception>
    public NodeCore(NodeCoreOptions options, INodeDriver driver)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(driver);
        PeerSamplingValidation.ThrowIfInvalid(options.Sampling);
        _state = new NodeState(options, driver);
        _seed = options.Seed;
        _sampling = new PeerSamplingProtocol(_state, options.Sampling);
        _source = new PeerSource(_state.Table, _state.Routes, _state.Envelope, _sampling.AgeUnitsPerCycle);
        _view = new ViewPublisher(options.Sampling.ViewSize);
        _samplers = new SamplerSet(
            _view, SeededRandom.Mix(options.Seed ^ 0x5A), SamplerSet.DefaultCapacity + options.Protocols.Count);
        _protocols = MakeContexts(options);
        _viewFanOut = new ViewFanOut(this);
        _view.Observer = _protocols.Length > 0 ? _viewFanOut : null;
        _publishesOnDemand = options.PublishesOnDemand && _protocols.Length == 0;
    }

    /// <summary>The description that the node gives of itself.</summary>
    public SelfDescription Self => _state.Self;

    /// <summary>The counters of the node.</summary>
    public NodeCounters Counters => _state.Counters;

    /// <summary>The node's view, as published to readers on any thread.</summary>
    internal ViewPublisher View
    {
        get
        {
            if (_publishesOnDemand)
            {
                PublishView();
            }

            return _view;
        }
    }

    /// <summary>The samplers of the node's consumers.</summary>
    internal SamplerSet Samplers
    {
        get
        {
            PublishAlways();
            return _samplers;
        }
    }

    /// <summary>The smoothed round-trip time to the node's partners; zero before the first measurement.</summary>
    public TimeSpan RoundTrip => _sampling.RoundTrip;

    /// <summary>
    /// The number of entries that were forgotten because there were too many, in the memories of peers that failed or
    /// left and of contacts. Any thread may read it.
    /// </summary>
    public long MemoriesForgotten => _sampling.Forgotten;

    /// <summary>The instant at which the driver should next call <see cref="OnDue"/>.</summary>
    public Instant NextDue
    {
        get
        {
            var due = _state.Guard.HasSuspects ? _state.Now : Instant.Min(_sampling.NextDue, _state.PiecesDue);
            foreach (var protocol in _protocols)
            {
                due = Instant.Min(due, protocol.Due);
            }

            return due;
        }
    }

    /// <summary>
    /// Returns the instant at which a driver that need not be punctual should next call <see cref="OnDue"/>. Due times
    /// are rounded up to a grid, so that nodes that are due at nearly the same time wake the process once. The grid is
    /// finer if the wait is shorter.
    /// </summary>
    /// <param name="grain">The grid for the cycles of peer sampling.</param>
    public Instant NextWake(TimeSpan grain)
    {
        var wake = (_state.Guard.HasSuspects ? _state.Now : _sampling.NextDue).RoundUp(grain);
        wake = Instant.Min(wake, _state.PiecesDue);
        foreach (var protocol in _protocols)
        {
            wake = Instant.Min(wake, protocol.Wake);
        }

        return wake;
    }

    /// <summary>Whether the driver is told of every change of the view.</summary>
    /// <value>Default false, since finding the changes costs a comparison per entry.</value>
    public bool ReportsViewChanges
    {
        get => _viewFanOut.ReportsToDriver;
        set
        {
            PublishAlways();
            _viewFanOut.ReportsToDriver = value;
            _view.Observer = value || _protocols.Length > 0 ? _viewFanOut : null;
        }
    }

    /// <summary>Starts the node. Call it once.</summary>
    /// <param name="now">The current instant.</param>
    public void Start(Instant now)
    {
        _state.Now = now;
        _sampling.Start();
        foreach (var protocol in _protocols)
        {
            protocol.Start();
        }

        Finish();
    }

    /// <summary>Handles everything that is due at <paramref name="now"/> or before.</summary>
    public void OnDue(Instant now)
    {
        _state.Now = now;
        _state.SendLooks();
        _state.SendOverduePieces();
        _sampling.OnDue();
        foreach (var protocol in _protocols)
        {
            protocol.OnDue(now);
        }

        Finish();
    }

    /// <summary>
    /// Adds contacts. The node joins through them or contacts them at once, and contacts them again from time to time
    /// for as long as it runs. Addresses of this node are ignored.
    /// </summary>
    /// <param name="now">The current instant.</param>
    /// <param name="addresses">The addresses of the contacts.</param>
    public void Contact(Instant now, ReadOnlySpan<NodeAddress> addresses)
    {
        _state.Now = now;
        _sampling.Contact(addresses);
        Finish();
    }

    /// <summary>
    /// Sets all seeds that are known now, in place of those known before. This is the answer to
    /// <see cref="INodeDriver.ResolveContacts"/>. A node that is joining contacts some of them at once. Any other node
    /// contacts one now and then.
    /// </summary>
    /// <param name="now">The current instant.</param>
    /// <param name="addresses">
    /// The addresses of all seeds. The node keeps up to 32 of them, drawn at random. Addresses of this node are
    /// ignored.
    /// </param>
    public void SeedsResolved(Instant now, ReadOnlySpan<NodeAddress> addresses)
    {
        _state.Now = now;
        _sampling.SeedsResolved(addresses);
        Finish();
    }

    /// <summary>Changes the node's metadata and raises its incarnation.</summary>
    /// <param name="now">The current instant.</param>
    /// <param name="metadata">At most 256 bytes. The array must not change afterwards.</param>
    /// <exception cref="ArgumentException">The metadata is too long.</exception>
    public void SetMetadata(Instant now, byte[] metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(metadata.Length, Descriptor.MaximumMetadataBytes);
        _state.Now = now;
        Self.Metadata = metadata;
        _state.RaiseIncarnation(Self.Incarnation);
    }

    /// <summary>
    /// Changes the time between cycles, and with it all times that are counted in cycles: time-outs, quarantine,
    /// trials. The next cycle comes at a random moment of the new period.
    /// </summary>
    /// <param name="now">The current instant.</param>
    /// <param name="cycleTime">The new time, from 10 ms to 1 h.</param>
    /// <exception cref="ArgumentException">
    /// The options would not be valid with it; the message lists all errors. Nothing has changed then.
    /// </exception>
    public void SetCycleTime(Instant now, TimeSpan cycleTime)
    {
        _state.Now = now;
        _sampling.ChangeCycleTime(cycleTime);
        _state.Guard.ChangeCycleTime(cycleTime);
        Finish();
    }

    /// <summary>Changes the addresses at which the node is reached and raises its incarnation.</summary>
    /// <param name="now">The current instant.</param>
    /// <param name="addresses">The new addresses.</param>
    public void SetAddresses(Instant now, in NodeAddresses addresses)
    {
        _state.Now = now;
        if (Self.Addresses != addresses)
        {
            Self.Addresses = addresses;
            _state.RaiseIncarnation(Self.Incarnation);
        }
    }

    /// <summary>Asks a peer for its metadata. The answer comes by <see cref="INodeDriver.OnMetadata"/>.</summary>
    /// <param name="now">The current instant.</param>
    /// <param name="peer">The peer, with the addresses at which it should be.</param>
    /// <param name="earlierTries">
    /// The number of earlier attempts that were not answered. The first request waits for the longest time-out of an
    /// exchange, the second for the rest of a cycle, and each further one for a cycle.
    /// </param>
    public void FetchMetadata(Instant now, in Peer peer, int earlierTries = 0)
    {
        _state.Now = now;
        _sampling.FetchMetadata(peer.Id, peer.Addresses, earlierTries);
    }

    /// <summary>Passes a command of the application to one of its protocols.</summary>
    /// <param name="now">The current instant.</param>
    /// <param name="protocol">The id of the protocol.</param>
    /// <param name="command">The command, which is passed as it is.</param>
    /// <returns>False if the node has no such protocol.</returns>
    public bool Post(Instant now, byte protocol, object command)
    {
        _state.Now = now;
        var context = Find(protocol);
        context?.OnCommand(command);
        Finish();
        return context is not null;
    }

    /// <summary>Tells the neighbours that the node leaves, and silences it. Every later input is ignored.</summary>
    /// <param name="now">The current instant.</param>
    public void Leave(Instant now)
    {
        _state.Now = now;
        _sampling.Leave();
        StopProtocols();
        _state.IsSilent = true;
    }

    /// <summary>Throws if the node's state violates an invariant. For tests and simulations.</summary>
    public void AssertInvariants() => _sampling.AssertInvariants();

    internal NodeState State => _state;

    /// <summary>Whether there is anybody in the view, or contacts to join through: this is no network of one.</summary>
    internal bool ExpectsPeers => _sampling.Handles.Length > 0 || _state.IsJoining;

    internal PeerSamplingProtocol Sampling => _sampling;

    internal ReadOnlySpan<ProtocolContext> Protocols => _protocols;

    private void StopProtocols()
    {
        foreach (var protocol in _protocols)
        {
            protocol.Stop();
        }
    }

    private ProtocolContext? Find(byte protocol)
    {
        foreach (var context in _protocols)
        {
            if (context.Id == protocol)
            {
                return context;
            }
        }

        return null;
    }

    private ProtocolContext[] MakeContexts(NodeCoreOptions options)
    {
        var contexts = new ProtocolContext[options.Protocols.Count];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(contexts.Length, NodeCoreOptions.MaximumProtocols);
        for (var i = 0; i < contexts.Length; i++)
        {
            contexts[i] = new ProtocolContext(_state, options.Protocols[i], _samplers, options.Seed);
            _state.SizeSource ??= options.Protocols[i] as INetworkSizeSource;
            for (var j = 0; j < i; j++)
            {
                if (contexts[j].Id == contexts[i].Id)
                {
                    throw new ArgumentException($"Two protocols have the id {contexts[i].Id}.", nameof(options));
                }
            }
        }

        return contexts;
    }

    /// <summary>After every input: what readers see is brought up to date, once.</summary>
    private void Finish()
    {
        if (!_publishesOnDemand)
        {
            PublishView();
        }

        CheckInvariants();
    }

    private void PublishView()
    {
        if (_sampling.ViewChanged)
        {
            _sampling.ViewChanged = false;
            _view.Publish(_sampling.Handles, _sampling.Ages, _source, _sampling.Cycle);
        }
    }

    /// <summary>From now on somebody may read at any time what was published last.</summary>
    private void PublishAlways()
    {
        if (_publishesOnDemand)
        {
            PublishView();
            _publishesOnDemand = false;
        }
    }

    [Conditional("DEBUG")]
    private void CheckInvariants() => AssertInvariants();
}
