using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Hearsay.Features.Aggregates;

/// <summary>
/// One aggregate as this node's application sees it: where its values come from and where its estimates go.
/// </summary>
internal sealed class AggregateFeed(ulong id, AggregateDefinition definition)
{
    /// <summary>Readers at a time; each holds a short queue.</summary>
    public const int MaximumReaders = 64;

    /// <summary>A reader that is slower loses the oldest: an estimate is a state, only the newest counts.</summary>
    private const int ReaderCapacity = 16;

    /// <summary>Held for nanoseconds. Guards what follows.</summary>
    private readonly Lock _gate = new();
    private AggregateEstimate _latest = AggregateService.None(definition);
    private AggregateEstimate _final = AggregateService.None(definition);
    private (Channel<AggregateEstimate> Queue, bool OnlyFinal)[] _readers = [];
    private volatile ValueClaim? _claim;
    private bool _completed;

    /// <summary>Why the node stopped by itself; null if it did not.</summary>
    private Exception? _failure;

    public ulong Id { get; } = id;

    public AggregateDefinition Definition { get; } = definition;

    /// <summary>
    /// Where this node's values come from; null if it has none to give. The service's gate guards it.
    /// </summary>
    public ValueClaim? Claim
    {
        get => _claim;
        set => _claim = value;
    }

    /// <summary>Whether the application asked for this aggregate. The service's gate guards it.</summary>
    public bool IsLocal { get; set; }

    /// <summary>What the event loop was last told of that. The service's gate guards it.</summary>
    public bool IsToldLocal { get; set; }

    /// <summary>The estimate at this moment.</summary>
    public AggregateEstimate Latest
    {
        get
        {
            lock (_gate)
            {
                return _latest;
            }
        }
    }

    /// <summary>The estimate of the last whole epoch.</summary>
    public AggregateEstimate Final
    {
        get
        {
            lock (_gate)
            {
                return _final;
            }
        }
    }

    /// <summary>A newer estimate; called by the event loop.</summary>
    public void Offer(in AggregateEstimate estimate)
    {
        lock (_gate)
        {
            _latest = estimate;
            if (estimate.IsFinal)
            {
                _final = estimate;
            }

            foreach (var (queue, onlyFinal) in _readers)
            {
                if (!onlyFinal || estimate is { IsFinal: true, IsReady: true })
                {
                    queue.Writer.TryWrite(estimate);
                }
            }
        }
    }

    /// <summary>
    /// The aggregate was forgotten, or the node has come to another cluster: what was known of it belongs to a life
    /// that is over. Called by the event loop.
    /// </summary>
    public void BeginLife()
    {
        lock (_gate)
        {
            (_latest, _final) = (AggregateService.None(Definition), AggregateService.None(Definition));
        }
    }

    /// <summary>No estimate will come any more.</summary>
    /// <param name="failure">Why, if the node stopped by itself.</param>
    public void Complete(Exception? failure = null)
    {
        lock (_gate)
        {
            (_completed, _failure) = (true, failure);
            Array.ForEach(_readers, reader => reader.Queue.Writer.TryComplete(failure));
        }
    }

    /// <summary>The estimates from now on.</summary>
    /// <param name="fromFinal">Beginning with that of the last whole epoch, if it is ready.</param>
    /// <param name="onlyFinal">Only those of whole epochs that are ready.</param>
    /// <param name="cancellation">Ends the sequence with an exception.</param>
    public async IAsyncEnumerable<AggregateEstimate> ReadAsync(
        bool fromFinal, bool onlyFinal, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var queue = Channel.CreateBounded<AggregateEstimate>(new BoundedChannelOptions(ReaderCapacity)
        {
            SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.DropOldest,
        });
        Add(queue, fromFinal, onlyFinal);
        try
        {
            await foreach (var estimate in queue.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return estimate;
            }
        }
        finally
        {
            lock (_gate)
            {
                _readers = [.. _readers.Where(other => other.Queue != queue)];
            }
        }
    }

    private void Add(Channel<AggregateEstimate> queue, bool fromFinal, bool onlyFinal)
    {
        lock (_gate)
        {
            if (_completed)
            {
                throw _failure ?? new ObjectDisposedException(typeof(Aggregate).FullName);
            }

            if (_readers.Length == MaximumReaders)
            {
                throw new InvalidOperationException($"An aggregate has at most {MaximumReaders} readers at a time.");
            }

            _readers = [.. _readers, (queue, onlyFinal)];
            if (fromFinal && _final.IsReady)
            {
                // In one step with the above: no estimate comes twice or is missed, whatever its epoch's number.
                queue.Writer.TryWrite(_final);
            }
        }
    }
}
