using Hearsay.Loop;
using Hearsay.Protocols;
using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.FlowUpdating;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Aggregation.PushSum;
using Hearsay.Protocols.Aggregation.Tournament;

namespace Hearsay.Features.Aggregates;

/// <summary>
/// Between the aggregation protocol of a node and the application: values are read off the event loop, estimates are
/// handed to whoever reads them.
/// </summary>
internal sealed class AggregateService(AggregationOptions options, TimeProvider time)
    : IAggregateValues, IAggregateSink
{
    /// <summary>How long to wait before the loop is told again, if its queue had no room.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Definitions listed here: those the protocol may hold, and as many on their way to it.</summary>
    private readonly int _capacity = 2 * options.MaximumDefinitions;

    /// <summary>
    /// Callbacks under way at a time: one of each aggregate, and as many of released ones that hang. Further values are
    /// left out.
    /// </summary>
    private readonly int _maximumReads = 2 * options.MaximumDefinitions;

    /// <summary>Guards the list of feeds, which is replaced and never changed, and who takes part.</summary>
    private readonly Lock _gate = new();
    private AggregateFeed[] _feeds = [];
    private NodeLoop _loop = null!;
    private EstimateErrors? _errors;
    private volatile bool _completed;
    private int _isTellingAgain;
    private int _reads;
    private long _valueFaults;
    private long _valuesSkipped;
    private long _valuesLost;

    /// <summary>Values that were not given because the application's callback threw.</summary>
    public long ValueFaults => Interlocked.Read(ref _valueFaults);

    /// <summary>Values that were not given because the callback asked before still ran, or too many did.</summary>
    public long ValuesSkipped => Interlocked.Read(ref _valuesSkipped);

    /// <summary>Values that were read and not given because too many commands waited for the node.</summary>
    public long ValuesLost => Interlocked.Read(ref _valuesLost);

    /// <summary>Ties this to the loop it serves; once, before the loop starts.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="errors">Takes how exact estimates are; null if nobody measures.</param>
    public void Attach(NodeLoop loop, EstimateErrors? errors = null) => (_loop, _errors) = (loop, errors);

    /// <summary>Throws if the node has stopped.</summary>
    public void ThrowIfCompleted()
    {
        if (_completed)
        {
            throw _loop.Ending.ToException();
        }
    }

    /// <summary>An estimate of which nothing is known.</summary>
    public static AggregateEstimate None(AggregateDefinition definition) => new(
        definition, double.NaN, double.PositiveInfinity, 0, 0, TimeSpan.Zero, IsFinal: false, IsReady: false,
        double.NaN);

    /// <summary>Takes part in an aggregate from the next epoch on.</summary>
    /// <exception cref="InvalidOperationException">
    /// It is taken part in already, or there is no room for it.
    /// </exception>
    /// <exception cref="HearsayException">Too many commands wait for the node.</exception>
    public AggregateFeed Define(AggregateDefinition definition, Func<AggregateInput?>? source)
    {
        definition.ThrowIfInvalid();
        var (feed, isNew) = Claim(definition, source);
        if (_loop.Post(TellDefinitions))
        {
            return feed;
        }

        lock (_gate)
        {
            End(feed);
            if (isNew && !feed.IsToldLocal)
            {
                Remove(feed);
            }
        }

        TellSurely();
        throw _loop.Refusal();
    }

    /// <summary>The application has lost interest.</summary>
    public void Release(AggregateFeed feed)
    {
        lock (_gate)
        {
            End(feed);
        }

        TellSurely();
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

        _errors?.Note(estimate);
        feed.Offer(estimate);
    }

    /// <inheritdoc/>
    public void OnLifeEnded(ulong id, bool isForgotten)
    {
        if (Find(id) is not { } feed)
        {
            return;
        }

        feed.BeginLife();
        lock (_gate)
        {
            // Who takes part has told the loop, or is about to: then it is not forgotten for long.
            if (isForgotten && !feed.IsLocal)
            {
                Remove(feed);
            }
        }
    }

    /// <inheritdoc/>
    public void RequestValue(ulong id, AggregateDefinition definition, long epoch)
    {
        if (Find(id)?.Claim is not { } claim)
        {
            return;
        }

        if (!claim.TryAsk(epoch))
        {
            Interlocked.Increment(ref _valuesSkipped);
        }
        else if (Interlocked.Increment(ref _reads) > _maximumReads || !ValueThreads.Shared.TryRead(claim))
        {
            claim.Cancel();
            EndRead();
            Interlocked.Increment(ref _valuesSkipped);
        }
    }

    /// <summary>A value was read; called off the loop.</summary>
    public void Give(AggregateFeed feed, long epoch, AggregateInput input)
    {
        var command = new AggregationCommand.ProvideValue(feed.Id, epoch, input);
        var protocol = ProtocolOf(feed.Definition.Method);
        if (!_loop.Post((core, now) => core.Post(now, protocol, command)))
        {
            Interlocked.Increment(ref _valuesLost);
        }
    }

    /// <summary>A callback threw.</summary>
    public void CountFault() => Interlocked.Increment(ref _valueFaults);

    /// <summary>A callback has returned, or was not called.</summary>
    public void EndRead() => Interlocked.Decrement(ref _reads);

    /// <summary>The node has stopped.</summary>
    /// <param name="failure">Why, if it did so by itself.</param>
    public void Complete(Exception? failure = null)
    {
        lock (_gate)
        {
            _completed = true;
        }

        foreach (var feed in Volatile.Read(ref _feeds))
        {
            feed.Claim?.Release();
            feed.Complete(failure);
        }
    }

    private (AggregateFeed Feed, bool IsNew) Claim(AggregateDefinition definition, Func<AggregateInput?>? source)
    {
        lock (_gate)
        {
            ThrowIfCompleted();
            var known = Find(AggregateDefinitionCodec.IdOf(definition));
            if (known is { IsLocal: true })
            {
                throw new InvalidOperationException($"This node takes part in {definition} already.");
            }

            ThrowIfFull(definition);
            var feed = known ?? Add(definition);
            feed.IsLocal = true;
            feed.Claim = source is null ? null : new ValueClaim(feed, source, this);
            return (feed, known is null);
        }
    }

    /// <summary>
    /// Under the gate. The table of the protocol has room for all that passes here: what others want gives way.
    /// </summary>
    private void ThrowIfFull(AggregateDefinition definition)
    {
        var own = Array.FindAll(_feeds, static other => other.IsLocal);
        if (own.Length >= options.MaximumDefinitions)
        {
            throw new InvalidOperationException(
                $"A node takes part in at most {options.MaximumDefinitions} aggregates; dispose those not used any "
                + $"more, or raise {nameof(AggregationOptions.MaximumDefinitions)}.");
        }

        var taken = own.Sum(static other => AggregateTable.BytesOf(other.Definition));
        var needed = AggregateTable.BytesOf(definition);
        if (taken + needed > AggregateTable.MaximumLocalBytes)
        {
            throw new InvalidOperationException(
                $"The aggregates of a node have room for {AggregateTable.MaximumLocalBytes} bytes of state: {taken} "
                + $"are taken, and {definition} may need {needed}. Dispose others, or choose a coarser Precision.");
        }
    }

    /// <summary>Under the gate: this node does not take part any more.</summary>
    private static void End(AggregateFeed feed)
    {
        feed.Claim?.Release();
        (feed.Claim, feed.IsLocal) = (null, false);
    }

    /// <summary>
    /// In the loop: tells the protocol what has changed since it was told last. One command stands for all changes
    /// before it, in whatever order they came.
    /// </summary>
    private void TellDefinitions(NodeCore core, Instant now)
    {
        foreach (var feed in Volatile.Read(ref _feeds))
        {
            bool isLocal;
            lock (_gate)
            {
                (isLocal, var isNews) = (feed.IsLocal, feed.IsLocal != feed.IsToldLocal);
                feed.IsToldLocal = isLocal;
                if (!isNews)
                {
                    continue;
                }
            }

            core.Post(now, AggregationProtocol.ProtocolId, isLocal
                ? new AggregationCommand.Define(feed.Definition) : new AggregationCommand.Release(feed.Id));
        }
    }

    /// <summary>
    /// Who releases an aggregate need not know that the loop has no room: it is told until it takes it, or an aggregate
    /// that nobody wants would be kept alive in the whole network.
    /// </summary>
    private void TellSurely()
    {
        if (!_loop.Post(TellDefinitions) && Interlocked.Exchange(ref _isTellingAgain, 1) == 0)
        {
            _ = TellAgainAsync();
        }
    }

    private async Task TellAgainAsync()
    {
        do
        {
            await Task.Delay(RetryPause, time).ConfigureAwait(false);
            // Before the attempt: who is refused after it begins to try by itself.
            Volatile.Write(ref _isTellingAgain, 0);
        }
        while (!_completed && !_loop.Post(TellDefinitions) && Interlocked.Exchange(ref _isTellingAgain, 1) == 0);
    }

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
        if (_feeds.Length >= _capacity
            && Array.Find(_feeds, static other => !other.IsLocal && !other.IsToldLocal) is { } oldest)
        {
            Remove(oldest);
        }

        Volatile.Write(ref _feeds, [.. _feeds, feed]);
        return feed;
    }

    /// <summary>Under the gate.</summary>
    private void Remove(AggregateFeed feed)
    {
        feed.Complete();
        Volatile.Write(ref _feeds, [.. _feeds.Where(other => other != feed)]);
    }
}
