using Hearsay.Loop;
using Hearsay.Protocols.Sampling.Exchange;

namespace Hearsay.Watching;

/// <summary>
/// Metadata that was fetched from its owners, and the questions that wait for it: one question at a time for each peer,
/// a few peers at a time, a bounded cache of the answers.
/// </summary>
internal sealed class MetadataFetches
{
    /// <summary>Answers kept; the earliest is forgotten first. At most 256 bytes each.</summary>
    private const int MaximumCached = 256;

    /// <summary>Peers asked or waiting to be; more are answered with null. As large as the largest view.</summary>
    private const int MaximumWaiting = PeerSamplingOptions.MaximumViewSize;

    /// <summary>
    /// How often an owner is asked: a question is one datagram each way, and either may be lost. An owner whose address
    /// has never answered is proven first, by one small packet a cycle and four in all, which takes four of the
    /// questions. With two more, where a twentieth of the datagrams is lost, one question in nine thousand is missed.
    /// (Five that waited twice as long each time proved the address three times only, and missed one in 400.)
    /// </summary>
    private const int Tries = 6;

    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, (ulong Incarnation, byte[] Metadata)> _cache = [];
    private readonly Queue<NodeId> _order = new();
    private readonly Dictionary<NodeId, Question> _questions = [];
    private readonly Queue<Question> _queued = new();
    private int _asked;
    private long _refused;
    private long _forgotten;
    private NodeLoop? _loop;

    /// <summary>What everybody is told who asks after the node has stopped; null before.</summary>
    private ObjectDisposedException? _ended;

    /// <summary>Questions answered with nothing because too many waited.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Answers that gave way in the cache.</summary>
    public long Forgotten => Interlocked.Read(ref _forgotten);

    /// <summary>From the cache if it has this incarnation, else from the owner.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> GetAsync(Peer peer, NodeLoop loop, CancellationToken cancellation)
    {
        Question? question;
        var asks = false;
        lock (_gate)
        {
            if (_cache.TryGetValue(peer.Id, out var cached) && cached.Incarnation >= peer.Incarnation)
            {
                return cached.Metadata;
            }

            if (!_questions.TryGetValue(peer.Id, out question))
            {
                if (_ended is not null)
                {
                    throw _ended;
                }

                if (_questions.Count == MaximumWaiting)
                {
                    _refused++;
                    return null;
                }

                _loop = loop;
                question = new Question(peer);
                _questions.Add(peer.Id, question);
                asks = _asked < PeerSamplingProtocol.MaximumFetches;
                if (asks)
                {
                    _asked++;
                }
                else
                {
                    _queued.Enqueue(question);
                }
            }
        }

        if (asks)
        {
            Ask(question);
        }

        var metadata = await question.Answer.Task.WaitAsync(cancellation).ConfigureAwait(false);
        if (metadata is null)
        {
            return null; // In a conditional expression this would become an empty memory: arrays convert to it.
        }

        return metadata;
    }

    /// <summary>An answer came, or none did in time.</summary>
    public void Complete(NodeId id, ulong incarnation, byte[]? metadata)
    {
        Question? done, next;
        lock (_gate)
        {
            if (!_questions.TryGetValue(id, out done))
            {
                return;
            }

            if (metadata is not null)
            {
                // Not above what was asked for: whoever answered in the owner's place cannot answer for its next lives.
                Remember(id, Math.Min(incarnation, done.Peer.Incarnation), metadata);
            }

            next = metadata is null && --done.TriesLeft > 0 ? done : null;
            if (next is null)
            {
                _questions.Remove(id);
                if (!_queued.TryDequeue(out next))
                {
                    _asked--;
                }
            }
        }

        if (next is not null)
        {
            Ask(next);
        }

        if (next != done)
        {
            done.Answer.TrySetResult(metadata);
        }
    }

    /// <summary>The node stopped: nobody waits any longer.</summary>
    /// <param name="ended">What who waits is told.</param>
    public void Stop(ObjectDisposedException ended)
    {
        Question[] waiting;
        lock (_gate)
        {
            _ended = ended;
            waiting = [.. _questions.Values];
            _questions.Clear();
            _queued.Clear();
        }

        foreach (var question in waiting)
        {
            question.Answer.TrySetException(ended);
            _ = question.Answer.Task.Exception; // Who waits gets it, unless it was cancelled meanwhile.
        }
    }

    private void Ask(Question question)
    {
        if (!_loop!.Post((core, now) => core.FetchMetadata(now, question.Peer, Tries - question.TriesLeft)))
        {
            Complete(question.Peer.Id, 0, null);
        }
    }

    private void Remember(NodeId id, ulong incarnation, byte[] metadata)
    {
        if (_cache.TryAdd(id, (incarnation, metadata)))
        {
            _order.Enqueue(id);
        }
        else
        {
            _cache[id] = (incarnation, metadata);
        }

        if (_order.Count > MaximumCached)
        {
            _cache.Remove(_order.Dequeue());
            _forgotten++;
        }
    }

    private sealed class Question(Peer peer)
    {
        public Peer Peer { get; } = peer;

        public int TriesLeft { get; set; } = Tries;

        public TaskCompletionSource<byte[]?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
