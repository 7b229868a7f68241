using Hearsay.Features.Aggregates;
using Hearsay.Features.Topics;
using Hearsay.Loop;
using Hearsay.Protocols;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.FlowUpdating;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Aggregation.PushSum;
using Hearsay.Protocols.Aggregation.Tournament;

namespace Hearsay.Features;

/// <summary>
/// The protocols of Hearsay's own that a live node runs beside peer sampling, and what stands before them.
/// </summary>
internal sealed class NodeServices
{
    private NodeLoop? _loop;

    public NodeServices(GossipNodeOptions options)
    {
        if (options.Broadcast is { } broadcast)
        {
            Neighbours = new NeighboursProtocol(options.Neighbours);
            Topics = new TopicService(options.Time, broadcast);
            Broadcast = new BroadcastProtocol(broadcast, Neighbours, Topics);
        }

        if (options.Aggregation is { } aggregation)
        {
            Aggregates = new AggregateService(aggregation, options.Time);
            FlowUpdating = new FlowUpdatingProtocol(aggregation, Aggregates, Aggregates);
            PushSum = new PushSumProtocol(aggregation, Aggregates, Aggregates);
            Tournament = new TournamentProtocol(aggregation, Aggregates, Aggregates);
            Aggregation = new AggregationProtocol(
                aggregation, Aggregates, Aggregates, FlowUpdating, PushSum, Tournament);
        }
    }

    /// <summary>The stable neighbours that broadcast stands on; null if it does not run.</summary>
    public NeighboursProtocol? Neighbours { get; }

    /// <summary>Broadcast; null if it does not run.</summary>
    public BroadcastProtocol? Broadcast { get; }

    /// <summary>The application's side of it.</summary>
    public TopicService? Topics { get; }

    /// <summary>Aggregation; null if it does not run.</summary>
    public AggregationProtocol? Aggregation { get; }

    /// <summary>Aggregates by flow updating; idle until one is known.</summary>
    public FlowUpdatingProtocol? FlowUpdating { get; }

    /// <summary>Aggregates by push-sum; idle until one is known.</summary>
    public PushSumProtocol? PushSum { get; }

    /// <summary>Quantiles by tournament; idle until one is known.</summary>
    public TournamentProtocol? Tournament { get; }

    /// <summary>The application's side of it.</summary>
    public AggregateService? Aggregates { get; }

    /// <summary>Those that run, then the application's, in the order in which they start.</summary>
    public IReadOnlyList<IProtocol> Protocols(IReadOnlyList<IProtocol> ofApplication)
    {
        IProtocol?[] own = [FlowUpdating, PushSum, Tournament, Aggregation, Neighbours, Broadcast];
        return [.. own.OfType<IProtocol>(), .. ofApplication];
    }

    /// <summary>Ties them to the loop they run in; once, before it starts.</summary>
    public void Attach(NodeLoop loop)
    {
        _loop = loop;
        Aggregates?.Attach(loop);
        Topics?.Attach(loop, Broadcast!, Aggregation);
    }

    /// <summary>Asks the node how far the epoch of its aggregates is.</summary>
    /// <returns>Fails as <see cref="NodeLoop.PostAsync"/> does.</returns>
    /// <exception cref="InvalidOperationException">It runs no aggregation, or has not started.</exception>
    public async Task<EpochProgress> ReadEpochAsync()
    {
        if (Aggregation is not { } aggregation || _loop is not { } loop)
        {
            throw new InvalidOperationException("This node runs no aggregation.");
        }

        var progress = default(EpochProgress);
        await loop.PostAsync((_, now) => progress = Read(aggregation, now)).ConfigureAwait(false);
        return progress;
    }

    private static EpochProgress Read(AggregationProtocol aggregation, Instant now)
    {
        var (clock, phase) = (aggregation.Clock, aggregation.Phase);
        return phase == EpochPhase.Joining ? default : new EpochProgress(
            IsKnown: true, TakesPart: phase == EpochPhase.Running, clock.Epoch, clock.Cycle(now),
            clock.Length - clock.Elapsed(now));
    }

    /// <summary>The node leaves: what it published is handed over.</summary>
    public Task<LeaveResult> HandOverAsync(TimeSpan limit) =>
        Topics?.HandOverAsync(limit) ?? Task.FromResult(new LeaveResult { IsKnown = true });

    /// <summary>The node has stopped: everybody who waits is released.</summary>
    /// <param name="failure">Why, if it did so by itself.</param>
    public void Complete(Exception? failure)
    {
        Aggregates?.Complete(failure);
        Topics?.Complete(failure);
    }
}
