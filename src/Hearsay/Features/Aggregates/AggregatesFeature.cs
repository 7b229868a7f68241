using Hearsay.Features.Contract;
using Hearsay.Loop;
using Hearsay.Protocols;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.FlowUpdating;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Aggregation.PushSum;
using Hearsay.Protocols.Aggregation.Tournament;

namespace Hearsay.Features.Aggregates;

/// <summary>Named aggregates: push-pull averaging, and the other methods beside it.</summary>
internal sealed class AggregatesFeature : INodeFeature
{
    private readonly string _cluster;
    private NodeLoop? _loop;

    private AggregatesFeature(GossipNodeOptions options, AggregationOptions aggregation)
    {
        _cluster = options.Cluster;
        Service = new AggregateService(aggregation, options.Time);
        FlowUpdating = new FlowUpdatingProtocol(aggregation, Service, Service);
        PushSum = new PushSumProtocol(aggregation, Service, Service);
        Tournament = new TournamentProtocol(aggregation, Service, Service);
        Aggregation = new AggregationProtocol(aggregation, Service, Service, FlowUpdating, PushSum, Tournament);
        Protocols = [FlowUpdating, PushSum, Tournament, Aggregation];
    }

    /// <summary>What the list of features has of it.</summary>
    public static FeatureDescription Description { get; } = new(
        "aggregates",
        static options => options.Aggregation is { } aggregation ? new AggregatesFeature(options, aggregation) : null,
        static options => options.Aggregation is { } aggregation
            ? AggregationValidation.Errors(aggregation).Select(static error => "Aggregation." + error) : [],
        [.. AggregatesMetrics.All, .. MethodMetrics.All]);

    /// <summary>Push-pull averaging; it spreads the definitions of all methods.</summary>
    public AggregationProtocol Aggregation { get; }

    /// <summary>Aggregates by flow updating; idle until one is known.</summary>
    public FlowUpdatingProtocol FlowUpdating { get; }

    /// <summary>Aggregates by push-sum; idle until one is known.</summary>
    public PushSumProtocol PushSum { get; }

    /// <summary>Quantiles by tournament; idle until one is known.</summary>
    public TournamentProtocol Tournament { get; }

    /// <summary>The application's side of it.</summary>
    public AggregateService Service { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IProtocol> Protocols { get; }

    /// <inheritdoc/>
    public IReadOnlyList<FeatureHistogram> Histograms { get; private set; } = [];

    /// <inheritdoc/>
    public void Attach(FeatureHost host)
    {
        _loop = host.Loop;
        var errors = new EstimateErrors(host.Meter, _cluster);
        Histograms = [errors.Histogram];
        Service.Attach(host.Loop, errors);
    }

    /// <inheritdoc/>
    public Task<LeaveResult> HandOverAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        Task.FromResult(LeaveResult.Nothing);

    /// <inheritdoc/>
    public void Complete(Exception? failure) => Service.Complete(failure);

    /// <summary>Asks the node how far the epoch of its aggregates is.</summary>
    /// <returns>Fails as <see cref="NodeLoop.PostAsync"/> does.</returns>
    /// <exception cref="InvalidOperationException">It has not started.</exception>
    public async Task<EpochProgress> ReadEpochAsync()
    {
        var loop = _loop ?? throw new InvalidOperationException("This node has not started.");
        var progress = default(EpochProgress);
        await loop.PostAsync((_, now) => progress = Read(Aggregation, now)).ConfigureAwait(false);
        return progress;
    }

    private static EpochProgress Read(AggregationProtocol aggregation, Instant now)
    {
        var (clock, phase) = (aggregation.Clock, aggregation.Phase);
        return phase == EpochPhase.Joining ? default : new EpochProgress(
            IsKnown: true, TakesPart: phase == EpochPhase.Running, clock.Epoch, clock.Cycle(now),
            clock.Length - clock.Elapsed(now));
    }
}
