using Hearsay.Protocols;

namespace Hearsay.Simulation.Checks;

/// <summary>What an observer knows of one life of a node, to judge its next step by.</summary>
internal sealed class NodeRecord
{
    /// <summary>Requests remembered; more are never under way.</summary>
    public const int Requests = 64;

    /// <summary>Nonces remembered; fewer than the node must remember.</summary>
    private const int Nonces = 100;

    private readonly ulong[] _nonces = new ulong[Nonces];
    private int _nextNonce;
    private int _nextRequest;

    /// <summary>A life that just began.</summary>
    public NodeRecord(VirtualNode node)
    {
        Options = node.Core.Sampling.Options;
        Rules = Options.ToRules();
        for (var i = 0; i < Requests; i++)
        {
            Sent[i] = new SeenRequest();
        }

        if (node.Core.Samplers.TryCreate(SamplingPolicy.UniformWithoutReplacement, out var sampler))
        {
            Sampler = sampler;
        }
    }

    /// <summary>The node's knobs.</summary>
    public PeerSamplingOptions Options { get; }

    /// <summary>What its exchanges depend on.</summary>
    public ExchangeRules Rules { get; }

    /// <summary>A consumer of its own.</summary>
    public IPeerSampler? Sampler { get; }

    /// <summary>The records that it has opened.</summary>
    public HashSet<ulong> Opened { get; } = [];

    /// <summary>What it has sealed in mode identity, to tell what is sent once more.</summary>
    public HashSet<ulong> Sealed { get; } = [];

    /// <summary>The view before the event.</summary>
    public SeenView Before { get; } = new();

    /// <summary>The view after it.</summary>
    public SeenView After { get; } = new();

    /// <summary>The counters before the event.</summary>
    public SeenCounters Counters { get; set; }

    /// <summary>The node's latest requests.</summary>
    public SeenRequest[] Sent { get; } = new SeenRequest[Requests];

    /// <summary>What it pushed last.</summary>
    public SeenRequest? LastPush { get; set; }

    /// <summary>Partners tried in the cycle <see cref="TriedIn"/>.</summary>
    public List<NodeId> Tried { get; } = [];

    /// <summary>Peers that were on trial in that cycle: they may have been tried without a request.</summary>
    public HashSet<NodeId> OnTrial { get; } = [];

    /// <summary>The cycle they were tried in.</summary>
    public long TriedIn { get; set; } = -1;

    /// <summary>Addresses that did not answer and were not heard of since.</summary>
    public Dictionary<NodeAddress, SeenFailure> Failures { get; } = [];

    /// <summary>Peers that left: the incarnation, and how many departures there had been.</summary>
    public Dictionary<NodeId, (ulong Incarnation, long Number)> Departed { get; } = [];

    /// <summary>The contacts it was given.</summary>
    public HashSet<NodeAddress> Contacts { get; } = [];

    /// <summary>Addresses that were sent something and have not answered.</summary>
    public Dictionary<NodeAddress, SeenStranger> Strangers { get; } = [];

    /// <summary>Departures so far, told or concluded.</summary>
    public long Departures { get; set; }

    /// <summary>Events of this life.</summary>
    public long Events { get; set; }

    /// <summary>When it was last due, and how often at that moment.</summary>
    public (Instant At, int Times) LastDue { get; set; }

    /// <summary>Remembers the nonce of a request that came in.</summary>
    /// <returns>False if it came lately.</returns>
    public bool TryAddNonce(ulong nonce)
    {
        if (_nonces.AsSpan().Contains(nonce))
        {
            return false;
        }

        _nonces[_nextNonce] = nonce;
        _nextNonce = (_nextNonce + 1) % Nonces;
        return true;
    }

    /// <summary>The place of the next request.</summary>
    public SeenRequest NextRequest()
    {
        _nextRequest = (_nextRequest + 1) % Requests;
        return Sent[_nextRequest];
    }

    /// <summary>The request with a nonce, if it is remembered.</summary>
    public SeenRequest? Find(ulong nonce)
    {
        foreach (var request in Sent)
        {
            if (request.Nonce == nonce && nonce != 0)
            {
                return request;
            }
        }

        return null;
    }
}
