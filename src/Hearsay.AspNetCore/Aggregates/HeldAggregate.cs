using System.Text.Json;
using Hearsay.AspNetCore.Streams;
using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.AspNetCore.Aggregates;

/// <summary>An aggregate that a caller has defined: the node takes part in it until a caller deletes it.</summary>
internal sealed class HeldAggregate : IDisposable
{
    private const int HeldEvents = 64;
    private const int HeldBytes = 1 << 20;

    private readonly Aggregate _aggregate;
    private readonly Lock _gate = new();
    private volatile Contribution? _contribution;
    private EventLog? _log;

    /// <summary>Takes part, as a relay until there is a contribution.</summary>
    public HeldAggregate(NamedAggregate named, AggregateDefinition definition) =>
        _aggregate = named.Define(definition, Current);

    /// <summary>Of the aggregate.</summary>
    public AggregateDefinition Definition => _aggregate.Definition;

    /// <summary>What the node gives; null for nothing.</summary>
    public Contribution? Contribution
    {
        get => _contribution;
        set => _contribution = value;
    }

    /// <summary>Its estimates, from the first reader on.</summary>
    public EventLog Events
    {
        get
        {
            lock (_gate)
            {
                if (_log is null)
                {
                    _log = new EventLog(HeldEvents, HeldBytes);
                    _ = Task.Run(() => WatchAsync(_log));
                }

                return _log;
            }
        }
    }

    /// <summary>What callers are told of it.</summary>
    public AggregateItem ToItem() => AggregateItem.Of(Definition) with
    {
        IsDefinedHere = true,
        ValueLeaseSeconds = _contribution is { Left: var left } && left > TimeSpan.Zero
            ? (int)Math.Ceiling(left.TotalSeconds) : null,
        Latest = EstimateItem.Of(_aggregate.Latest),
        Final = _aggregate.Final.IsReady ? EstimateItem.Of(_aggregate.Final) : null,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _contribution = null;
        _aggregate.Dispose();
        lock (_gate)
        {
            _log?.Complete();
        }
    }

    private AggregateInput? Current() => _contribution?.Current;

    private async Task WatchAsync(EventLog log)
    {
        try
        {
            await foreach (var estimate in _aggregate.WatchCyclesAsync().ConfigureAwait(false))
            {
                log.Add("estimate", JsonSerializer.SerializeToUtf8Bytes(
                    EstimateItem.Of(estimate), AggregatesJson.Default.EstimateItem));
            }
        }
        catch (InvalidOperationException)
        {
            // It was deleted, or the node has stopped: the streams end.
        }
        finally
        {
            log.Complete();
        }
    }
}
