using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Hearsay.Protocols;

namespace Hearsay.Aggregates;

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
    private Channel<AggregateEstimate>[] _readers = [];
    private bool _completed;

    public ulong Id { get; } = id;

    public AggregateDefinition Definition { get; } = definition;

    /// <summary>This node's value, or none in this epoch; null if it never has one to give.</summary>
    public Func<AggregateInput?>? Source { get; set; }

    /// <summary>Whether the application asked for this aggregate.</summary>
    public bool IsLocal { get; set; }

    /// <summary>1 while the value is being read.</summary>
    public int Reading;

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
        Channel<AggregateEstimate>[] readers;
        lock (_gate)
        {
            _latest = estimate;
            if (estimate.IsFinal)
            {
                _final = estimate;
            }

            readers = _readers;
        }

        foreach (var reader in readers)
        {
            reader.Writer.TryWrite(estimate);
        }
    }

    /// <summary>No estimate will come any more.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            Array.ForEach(_readers, static reader => reader.Writer.TryComplete());
        }
    }

    /// <summary>The estimates from now on.</summary>
    public async IAsyncEnumerable<AggregateEstimate> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = Channel.CreateBounded<AggregateEstimate>(new BoundedChannelOptions(ReaderCapacity)
        {
            SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.DropOldest,
        });
        Add(reader);
        try
        {
            await foreach (var estimate in reader.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return estimate;
            }
        }
        finally
        {
            lock (_gate)
            {
                _readers = [.. _readers.Where(other => other != reader)];
            }
        }
    }

    private void Add(Channel<AggregateEstimate> reader)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_completed, typeof(Aggregate));
            if (_readers.Length == MaximumReaders)
            {
                throw new InvalidOperationException($"An aggregate has at most {MaximumReaders} readers at a time.");
            }

            _readers = [.. _readers, reader];
        }
    }
}
