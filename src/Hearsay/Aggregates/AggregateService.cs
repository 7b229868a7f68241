using Hearsay.Loop;
using Hearsay.Protocols;

namespace Hearsay.Aggregates;

/// <summary>
/// Between the aggregation protocol of a node and the application: values are read off the event loop, estimates are
/// handed to whoever reads them.
/// </summary>
internal sealed class AggregateService(AggregationOptions options) : IAggregateValues, IAggregateSink
{
    /// <summary>
    /// Definitions remembered here: those the protocol may hold, and as many that it has forgotten since.
    /// </summary>
    private readonly int _capacity = 2 * options.MaximumDefinitions;

    /// <summary>Guards the list of feeds, which is replaced and never changed.</summary>
    private readonly Lock _gate = new();
    private AggregateFeed[] _feeds = [];
    private NodeLoop _loop = null!;
    private bool _completed;
    private long _valueFaults;
    private long _valuesSkipped;

    /// <summary>Values that were not given because the application's callback threw.</summary>
    public long ValueFaults => Interlocked.Read(ref _valueFaults);

    /// <summary>Values that were not given because the callback of an epoch before still ran.</summary>
    public long ValuesSkipped => Interlocked.Read(ref _valuesSkipped);

    /// <summary>Ties this to the loop it serves; once, before the loop starts.</summary>
    public void Attach(NodeLoop loop) => _loop = loop;

    /// <summary>Throws if the node has stopped.</summary>
    public void ThrowIfCompleted() =>
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _completed), typeof(GossipNode));

    /// <summary>An estimate of which nothing is known.</summary>
    public static AggregateEstimate None(AggregateDefinition definition) => new(
        definition, double.NaN, double.PositiveInfinity, 0, 0, TimeSpan.Zero, IsFinal: false, IsReady: false,
        double.NaN);

    /// <summary>Takes part in an aggregate from the next epoch on.</summary>
    /// <exception cref="InvalidOperationException">It is taken part in already, or there are too many.</exception>
    public AggregateFeed Define(AggregateDefinition definition, Func<AggregateInput?>? source)
    {
        definition.ThrowIfInvalid();
        AggregateFeed feed;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_completed, typeof(GossipNode));
            feed = Find(AggregateDefinitionCodec.IdOf(definition)) ?? Add(definition);
            if (feed.IsLocal)
            {
                throw new InvalidOperationException($"This node takes part in {definition} already.");
            }

            if (_feeds.Count(other => other.IsLocal) >= options.MaximumDefinitions)
            {
                throw new InvalidOperationException(
                    $"A node takes part in at most {options.MaximumDefinitions} aggregates.");
            }

            (feed.Source, feed.IsLocal) = (source, true);
        }

        Tell(new AggregationCommand.Define(definition));
        return feed;
    }

    /// <summary>The application has lost interest.</summary>
    public void Release(AggregateFeed feed)
    {
        lock (_gate)
        {
            (feed.Source, feed.IsLocal) = (null, false);
        }

        Tell(new AggregationCommand.Release(feed.Id));
    }

    /// <summary>All aggregates of a name that this node knows of.</summary>
    public IReadOnlyList<AggregateFeed> Named(string name) =>
        [.. Volatile.Read(ref _feeds).Where(feed => feed.Definition.Name == name)];

    /// <summary>All aggregates that this node knows of.</summary>
    public IReadOnlyList<AggregateDefinition> Known =>
        [.. Volatile.Read(ref _feeds).Select(static feed => feed.Definition)];

    /// <inheritdoc/>
    public void OnEstimate(ulong id, in AggregateEstimate estimate)
    {
        var feed = Find(id);
        if (feed is null)
        {
            lock (_gate)
            {
                feed = Find(id) ?? Add(estimate.Definition);
            }
        }

        feed.Offer(estimate);
    }

    /// <inheritdoc/>
    public void RequestValue(ulong id, AggregateDefinition definition, long epoch)
    {
        if (Find(id) is not { Source: { } source } feed)
        {
            return;
        }

        if (Interlocked.Exchange(ref feed.Reading, 1) != 0)
        {
            Interlocked.Increment(ref _valuesSkipped);
            return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(
            static item => item.Service.ReadValue(item.Feed, item.Source, item.Epoch),
            (Service: this, Feed: feed, Source: source, Epoch: epoch), preferLocal: false);
    }

    /// <summary>The node has stopped.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
        }

        Array.ForEach(Volatile.Read(ref _feeds), static feed => feed.Complete());
    }

    private void ReadValue(AggregateFeed feed, Func<AggregateInput?> source, long epoch)
    {
        try
        {
            if (source() is { } input)
            {
                Tell(
                    new AggregationCommand.ProvideValue(feed.Id, epoch, input), ProtocolOf(feed.Definition.Method));
            }
        }
        catch (Exception)
        {
            // The application's own fault: this node gives no value in this epoch, and the counter tells.
            Interlocked.Increment(ref _valueFaults);
        }
        finally
        {
            Volatile.Write(ref feed.Reading, 0);
        }
    }

    /// <summary>Definitions belong to aggregation, values to whoever computes with them.</summary>
    private void Tell(AggregationCommand command, byte protocol = AggregationProtocol.ProtocolId) =>
        _loop.Post((core, now) => core.Post(now, protocol, command));

    private static byte ProtocolOf(AggregateMethod method) => method switch
    {
        AggregateMethod.PushSum => PushSumProtocol.ProtocolId,
        AggregateMethod.FlowUpdating => FlowUpdatingProtocol.ProtocolId,
        AggregateMethod.Tournament => TournamentProtocol.ProtocolId,
        _ => AggregationProtocol.ProtocolId,
    };

    private AggregateFeed? Find(ulong id)
    {
        foreach (var feed in Volatile.Read(ref _feeds))
        {
            if (feed.Id == id)
            {
                return feed;
            }
        }

        return null;
    }

    /// <summary>Under the gate. What was heard of longest ago gives way.</summary>
    private AggregateFeed Add(AggregateDefinition definition)
    {
        var feed = new AggregateFeed(AggregateDefinitionCodec.IdOf(definition), definition);
        IEnumerable<AggregateFeed> kept = _feeds;
        if (_feeds.Length >= _capacity && Array.Find(_feeds, static other => !other.IsLocal) is { } oldest)
        {
            oldest.Complete();
            kept = _feeds.Where(other => other != oldest);
        }

        Volatile.Write(ref _feeds, [.. kept, feed]);
        return feed;
    }
}
