using System.Diagnostics;
using Hearsay.Protocols.Composition;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Node;
using Hearsay.Protocols.Node.Peers;
using Hearsay.Protocols.Sampling.Exchange;

namespace Hearsay.Protocols;

/// <summary>
/// One whole node without input or output: the peer sampling service and any application protocols over one packet
/// format. The live node and the simulated one are thin drivers of this class.
/// </summary>
/// <remarks>
/// Every input comes with its moment, and moments never go back. One call at a time; a call never blocks. Effects go to
/// the
/// <see cref="INodeDriver"/>. After a call, <see cref="NextDue"/> says when to call <see cref="OnDue"/>. Samplers made
/// by
/// <see cref="Samplers"/> may be used from any thread at any time.
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
    private readonly ProtocolContext[] _protocols;

    /// <summary>Whether the view is published only when it is asked for.</summary>
    private bool _publishesOnDemand;

    /// <summary>A node that has not started.</summary>
    /// <exception cref="ArgumentException">The options are not valid; the message lists all errors.</exception>
    public NodeCore(NodeCoreOptions options, INodeDriver driver)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(driver);
        PeerSamplingValidation.ThrowIfInvalid(options.Sampling);
        _state = new NodeState(options, driver);
        _sampling = new PeerSamplingProtocol(_state, options.Sampling);
        _source = new PeerSource(_state.Table, _state.Routes, _sampling.AgeUnitsPerCycle);
        _view = new ViewPublisher(options.Sampling.ViewSize);
        _samplers = new SamplerSet(
            _view, SeededRandom.Mix(options.Seed ^ 0x5A), SamplerSet.DefaultCapacity + options.Protocols.Count);
        _protocols = MakeContexts(options);
        _viewFanOut = new ViewFanOut(this);
        _view.Observer = _protocols.Length > 0 ? _viewFanOut : null;
        _publishesOnDemand = options.PublishesOnDemand && _protocols.Length == 0;
    }

    /// <summary>What the node says of itself.</summary>
    public SelfDescription Self => _state.Self;

    /// <summary>What it counted.</summary>
    public NodeCounters Counters => _state.Counters;

    /// <summary>Its view as readers on any thread see it.</summary>
    public ViewPublisher View
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

    /// <summary>The samplers of its consumers.</summary>
    public SamplerSet Samplers
    {
        get
        {
            PublishAlways();
            return _samplers;
        }
    }

    /// <summary>The smoothed round-trip time; zero before anything was measured.</summary>
    public TimeSpan RoundTrip => _sampling.RoundTrip;

    /// <summary>
    /// Entries of the memories of peers that failed or left, and of contacts, that gave way because there were too
    /// many. Any thread.
    /// </summary>
    public long MemoriesForgotten => _sampling.Forgotten;

    /// <summary>When <see cref="OnDue"/> wants to be called next.</summary>
    public Instant NextDue
    {
        get
        {
            var due = _state.Guard.HasSuspects ? _state.Now : _sampling.NextDue;
            foreach (var protocol in _protocols)
            {
                due = Instant.Min(due, protocol.Due);
            }

            return due;
        }
    }

    /// <summary>
    /// When a driver should call <see cref="OnDue"/> next if it need not be punctual: due times are rounded up to a
    /// grid, so that nodes that are due nearly together wake the process once. The shorter the wait asked for, the
    /// finer.
    /// </summary>
    /// <param name="grain">The grid of the cycles of peer sampling.</param>
    public Instant NextWake(TimeSpan grain)
    {
        var wake = (_state.Guard.HasSuspects ? _state.Now : _sampling.NextDue).RoundUp(grain);
        foreach (var protocol in _protocols)
        {
            wake = Instant.Min(wake, protocol.Wake);
        }

        return wake;
    }

    /// <summary>Whether the driver is told of every change of the view.</summary>
    /// <value>Default false: finding the changes costs a comparison per entry.</value>
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

    /// <summary>Starts the node; once.</summary>
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

    /// <summary>Does everything that is due by <paramref name="now"/>.</summary>
    public void OnDue(Instant now)
    {
        _state.Now = now;
        _state.SendLooks();
        _sampling.OnDue();
        foreach (var protocol in _protocols)
        {
            protocol.OnDue(now);
        }

        Finish();
    }

    /// <summary>
    /// Contacts to join through or to meet at once, and to look at again for ever; addresses of this node itself are
    /// passed over.
    /// </summary>
    public void Contact(Instant now, ReadOnlySpan<NodeAddress> addresses)
    {
        _state.Now = now;
        _sampling.Contact(addresses);
        Finish();
    }

    /// <summary>
    /// The answer to <see cref="INodeDriver.ResolveContacts"/>: all seeds that are known now, in place of those known
    /// before. A node that tries to join asks some of them at once; others are looked at now and then.
    /// </summary>
    /// <param name="now">When.</param>
    /// <param name="addresses">
    /// Of every seed; up to 32 are kept, drawn at random. Addresses of this node itself are passed over.
    /// </param>
    public void SeedsResolved(Instant now, ReadOnlySpan<NodeAddress> addresses)
    {
        _state.Now = now;
        _sampling.SeedsResolved(addresses);
        Finish();
    }

    /// <summary>Changes what the node says of itself and raises its incarnation.</summary>
    /// <param name="now">When.</param>
    /// <param name="metadata">At most 256 bytes; must not change afterwards.</param>
    /// <exception cref="ArgumentException">The metadata is too long.</exception>
    public void SetMetadata(Instant now, byte[] metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(metadata.Length, Descriptor.MaximumMetadataBytes);
        _state.Now = now;
        Self.Metadata = metadata;
        _state.RaiseIncarnation(Self.Incarnation);
    }

    /// <summary>Changes where the node is reached and raises its incarnation.</summary>
    public void SetAddresses(Instant now, in NodeAddresses addresses)
    {
        _state.Now = now;
        if (Self.Addresses != addresses)
        {
            Self.Addresses = addresses;
            _state.RaiseIncarnation(Self.Incarnation);
        }
    }

    /// <summary>Asks a peer for its metadata; the outcome comes as a notice.</summary>
    /// <param name="now">The moment at which it is asked.</param>
    /// <param name="peer">Whose metadata, and where it is said to be.</param>
    /// <param name="earlierTries">
    /// How often it was asked in vain before. The first question waits for the longest time-out of an exchange, each
    /// further one twice as long as the one before, up to eight times.
    /// </param>
    public void FetchMetadata(Instant now, in Peer peer, int earlierTries = 0)
    {
        _state.Now = now;
        _sampling.FetchMetadata(peer.Id, peer.Addresses, earlierTries);
    }

    /// <summary>Hands a command of the application to one of its protocols.</summary>
    /// <returns>False if there is no such protocol.</returns>
    public bool Post(Instant now, byte protocol, object command)
    {
        _state.Now = now;
        var context = Find(protocol);
        context?.OnCommand(command);
        Finish();
        return context is not null;
    }

    /// <summary>Tells the neighbours and falls silent: every later input is ignored.</summary>
    public void Leave(Instant now)
    {
        _state.Now = now;
        _sampling.Leave();
        StopProtocols();
        _state.IsSilent = true;
    }

    /// <summary>Throws if the node's state breaks an invariant.</summary>
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
