using System.Diagnostics;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Liveness;
using Hearsay.Protocols.Node;
using Hearsay.Protocols.Node.Contracts;
using Hearsay.Protocols.Node.Peers;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>
/// The peer sampling service of one node as a state machine: its view, its cycle, the exchanges it began and those it
/// answers (TOCS 2007, figure 1, with what a real network adds: time-outs, tries, eviction, joining, leaving).
/// </summary>
/// <remarks>
/// Invariant, checked after every input in debug builds: the view holds at most c peers, none twice, never this node,
/// and pins each of them exactly once. The verbs are one file each: Active, Unanswered, Passive, Admission, Join,
/// Seeds, Leave, CyclonJoin, MetadataFetch, Refusal, Contest, Encoding, Pace.
/// </remarks>
[DebuggerDisplay("cycle {_cycle}, {_count} peers")]
internal sealed partial class PeerSamplingProtocol
{
    private readonly NodeState _node;
    private PeerSamplingOptions _options;
    private readonly ExchangeRules _rules;

    /// <summary>The view: handles, ages and how many; the rest of the arrays is room for a merge.</summary>
    private readonly uint[] _handles;
    private readonly ushort[] _ages;
    private int _count;

    private readonly NodeWorkspace _work;

    /// <summary>What this node pushed last: in push mode a passive side treats it as sent.</summary>
    private readonly uint[] _lastPushed;
    private int _lastPushedCount;

    private readonly OutstandingExchange[] _outstanding;

    /// <summary>How many of them wait, so that a search for those ends early: the others are cold memory.</summary>
    private int _waitingCount;

    private readonly RoundTripEstimator _roundTrip;
    private readonly AgeingGuard _ageingGuard;
    private readonly ReplayRing _replays = new();
    private readonly DepartedPeers _departed;
    private readonly Quarantine _quarantine;

    /// <summary>Peers that were evicted because they did not answer.</summary>
    private readonly RememberedPeers _remembered;

    /// <summary>Contacts that the application gave.</summary>
    private readonly RememberedPeers _contacts;

    private bool _started;
    private bool _left;

    /// <summary>A sampling protocol that has not started.</summary>
    public PeerSamplingProtocol(NodeState node, PeerSamplingOptions options)
    {
        (_node, _options, _rules) = (node, options, options.ToRules());
        _handles = new uint[_rules.Room];
        _ages = new ushort[_rules.Room];
        _work = node.Work;
        _work.MakeRoom(_rules.MaximumBuffer);
        _lastPushed = !_rules.Pulls ? new uint[_rules.MaximumBuffer] : [];
        _outstanding = new OutstandingExchange[OutstandingLimit(options)];
        for (var i = 0; i < _outstanding.Length; i++)
        {
            _outstanding[i] = new OutstandingExchange(_rules.MaximumBuffer);
        }

        _tried = new uint[options.Fanout * options.TriesPerCycle];
        _roundTrip = new RoundTripEstimator(options.MinimumTimeout, options.EffectiveMaximumTimeout);
        _ageingGuard = new AgeingGuard(options.CycleTime, options.Fanout);
        _departed = new DepartedPeers(options.ViewSize);
        _quarantine = new Quarantine(
            QuarantinedAddresses, options.QuarantineAfter, options.CycleTime * options.QuarantineCycles);
        _remembered = new RememberedPeers(options.ViewSize);
        _contacts = new RememberedPeers(MaximumContacts);
    }

    /// <summary>The handles in the view.</summary>
    public ReadOnlySpan<uint> Handles => _handles.AsSpan(0, _count);

    /// <summary>Their ages in units of the form: <see cref="AgeUnitsPerCycle"/> make a cycle.</summary>
    public ReadOnlySpan<ushort> Ages => _ages.AsSpan(0, _count);

    /// <summary>The knobs.</summary>
    public PeerSamplingOptions Options => _options;

    /// <summary>How many units of age make a cycle.</summary>
    public int AgeUnitsPerCycle => _rules.AgeUnitsPerCycle;

    /// <summary>Cycles begun.</summary>
    public long Cycle => _cycle;

    /// <summary>The smoothed round-trip time.</summary>
    public TimeSpan RoundTrip => _roundTrip.Smoothed;

    /// <summary>
    /// What gave way in the memories of peers that failed or left, and of contacts, because there were too many.
    /// </summary>
    public long Forgotten =>
        _quarantine.Forgotten + _departed.Forgotten + _remembered.Forgotten + _contacts.Forgotten;

    /// <summary>Whether the view, an age or a peer in it changed since this was last set to false.</summary>
    public bool ViewChanged { get; set; }

    /// <summary>The earliest moment at which something is due.</summary>
    public Instant NextDue
    {
        get
        {
            if (!_started || _left)
            {
                return Instant.Never;
            }

            var due = Instant.Min(_nextCycle, _count == 0 ? _nextJoin : Instant.Never);
            return Instant.Min(Instant.Min(due, NextTimeout), Instant.Min(NextFetchDue, _contest.StoreAt));
        }
    }

    private Instant NextTimeout
    {
        get
        {
            var next = Instant.Never;
            var left = _waitingCount;
            for (var i = 0; left > 0; i++)
            {
                var exchange = _outstanding[i];
                if (exchange.IsWaiting)
                {
                    next = Instant.Min(next, exchange.Deadline);
                    left--;
                }
            }

            return next;
        }
    }

    /// <summary>Addresses that did not answer and are remembered; twice as many where peers have two.</summary>
    private int QuarantinedAddresses => 2 * _options.ViewSize;

    private ViewSlice View => new(_handles, _ages, _count, _rules.ViewSize);

    /// <summary>Begins: the first cycle comes at a random moment of the first period, joining at once.</summary>
    public void Start()
    {
        Debug.Assert(!_started);
        _started = true;
        _nextCycle = _node.Now + _node.Random.Between(TimeSpan.Zero, _options.CycleTime);
        _nextJoin = _node.Now;
        _agedAt = _node.Now;
        _startedAt = _node.Now;
    }

    /// <summary>Does everything that is due by now.</summary>
    public void OnDue()
    {
        if (!_started || _left)
        {
            return;
        }

        ExpireExchanges();
        ExpireFetches();
        StoreIfDue();
        if (_node.Now >= _nextCycle)
        {
            BeginCycle();
        }

        if (_count == 0 && _node.Now >= _nextJoin)
        {
            TryToJoin();
        }
    }

    /// <summary>A frame of this protocol arrived.</summary>
    /// <param name="link">Where from.</param>
    /// <param name="sender">Who sent it, as it claims.</param>
    /// <param name="type">The frame's type.</param>
    /// <param name="body">Its body; anything at all.</param>
    public void Receive(in Link link, NodeId sender, byte type, ReadOnlySpan<byte> body)
    {
        if (!_started || _left)
        {
            return;
        }

        var reader = new WireReader(body);
        var refused = type switch
        {
            SamplingMessage.Request => OnRequest(link, sender, ref reader),
            SamplingMessage.Reply => OnReply(link, sender, ref reader),
            SamplingMessage.Leave => OnLeave(link, sender, ref reader),
            SamplingMessage.MetadataRequest => OnMetadataRequest(link, ref reader),
            SamplingMessage.Metadata => OnMetadata(sender, ref reader),
            SamplingMessage.Walk => OnWalk(ref reader),
            SamplingMessage.Gift => OnGift(ref reader),
            SamplingMessage.Refusal => OnRefusal(sender, ref reader),
            _ => DropReason.UnknownType,
        };
        if (refused != DropReason.None)
        {
            _node.Counters.Drop(refused);
        }
    }

    /// <summary>Throws if the view breaks its invariant.</summary>
    public void AssertInvariants()
    {
        View.AssertInvariants(PeerTable.SelfHandle);
        foreach (var handle in Handles)
        {
            if (_node.Table.PinsOf(handle) != 1 || _node.Table[handle].Id == _node.Self.Id)
            {
                throw new InvalidOperationException("An entry of the view is this node or is not pinned exactly once.");
            }
        }
    }

    /// <summary>Enough for every partner of a cycle, joins and a re-contact at once.</summary>
    private static int OutstandingLimit(PeerSamplingOptions options) => Math.Max(8, options.Fanout + 4);

    private void RemoveFromView(int index)
    {
        var handle = _handles[index];
        var view = View;
        view.RemoveAt(index);
        _count = view.Count;
        _node.Table.Unpin(handle);
        ViewChanged = true;
        if (_count == 0)
        {
            OnIsolated();
        }
    }

    /// <summary>The bytes of its arrays.</summary>
    public long StateBytes =>
        ArrayMemory.SizeBytes(_handles) + ArrayMemory.SizeBytes(_ages) + ArrayMemory.SizeBytes(_lastPushed)
        + ArrayMemory.SizeBytes(_tried) + ArrayMemory.SizeBytes(_callers)
        + _outstanding.Sum(static exchange => exchange.StateBytes)
        + _replays.StateBytes + _ageingGuard.StateBytes + _departed.StateBytes + _quarantine.StateBytes
        + _remembered.StateBytes + _contacts.StateBytes + _seeds.StateBytes;

    /// <summary>Brings what most inputs touch into the processor's cache.</summary>
    public void Prefetch()
    {
        ArrayMemory.Prefetch(_handles);
        ArrayMemory.Prefetch(_ages);
        _replays.Prefetch();
        _ageingGuard.Prefetch();
    }

    private void IncreaseAges()
    {
        View.IncreaseAges();
        ViewChanged = true;
    }
}
