using System.Text;
using Hearsay.Protocols;

namespace Hearsay.Hosting;

/// <summary>The one place where the host's options become a node's.</summary>
internal static class HearsayOptionsMapping
{
    /// <summary>
    /// The node's options; an unknown preset counts as the recommended one, see <see cref="Errors"/>.
    /// </summary>
    public static GossipNodeOptions ToNodeOptions(HearsayOptions options) =>
        FeatureSection.All.Aggregate(ToPlainNode(options), (node, feature) => feature.ToNode(options, node));

    /// <summary>Everything that makes the options unusable, each message with the option and what is allowed.</summary>
    public static IReadOnlyList<string> Errors(HearsayOptions options)
    {
        var errors = new List<string>();
        if (!PeerSamplingOptions.TryGetPreset(options.Preset, out _))
        {
            errors.Add(
                $"Preset must be one of {string.Join(", ", PeerSamplingOptions.PresetNames)}, not '{options.Preset}'.");
        }

        if (options.Metadata is { } metadata && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(metadata)) != metadata)
        {
            errors.Add("Metadata must be valid Unicode, without a lone surrogate.");
        }

        errors.AddRange(GossipNodeValidation.Errors(ToNodeOptions(options)));
        return errors;
    }

    private static GossipNodeOptions ToPlainNode(HearsayOptions options) => new()
    {
        Bind = options.Bind,
        Advertise = options.Advertise,
        Seeds = [.. options.Seeds],
        Cluster = options.Cluster,
        DataDirectory = options.DataDirectory,
        OnIdConflict = options.OnIdConflict,
        Metadata = Encoding.UTF8.GetBytes(options.Metadata ?? string.Empty),
        Sampling = ToSampling(options),
        Neighbours = options.ActiveNeighbours is { } size ? new NeighbourOptions { ActiveSize = size } : new(),
        Broadcast = options.Broadcast ? ToBroadcast(options) : null,
        Aggregation = options.Aggregation ? ToAggregation(options) : null,
        LeaveTimeout = options.LeaveTimeout ?? GossipNodeOptions.DefaultLeaveTimeout,
    };

    private static BroadcastOptions ToBroadcast(HearsayOptions options)
    {
        var broadcast = new BroadcastOptions();
        return broadcast with { Retention = options.BroadcastRetention ?? broadcast.Retention };
    }

    private static AggregationOptions ToAggregation(HearsayOptions options) =>
        AggregationOptions.Default.WithCycles(options.AggregationCycleTime, options.CyclesPerEpoch);

    private static PeerSamplingOptions ToSampling(HearsayOptions options)
    {
        PeerSamplingOptions.TryGetPreset(options.Preset, out var preset);
        var sized = options.ViewSize is { } size ? preset.WithViewSize(size) : preset;
        return sized with
        {
            Selection = options.Selection ?? sized.Selection,
            Propagation = options.Propagation ?? sized.Propagation,
            Healing = options.Healing ?? sized.Healing,
            Swap = options.Swap ?? sized.Swap,
            ShuffleLength = options.ShuffleLength ?? sized.ShuffleLength,
            CycleTime = options.CycleTime ?? sized.CycleTime,
            Jitter = options.Jitter ?? sized.Jitter,
            Fanout = options.Fanout ?? sized.Fanout,
            TriesPerCycle = options.TriesPerCycle ?? sized.TriesPerCycle,
            EvictOnTimeout = options.EvictOnTimeout ?? sized.EvictOnTimeout,
            MinimumTimeout = options.MinimumTimeout ?? sized.MinimumTimeout,
            MaximumTimeout = options.MaximumTimeout ?? sized.MaximumTimeout,
            QuarantineAfter = options.QuarantineAfter ?? sized.QuarantineAfter,
            QuarantineCycles = options.QuarantineCycles ?? sized.QuarantineCycles,
            RecontactCycles = options.RecontactCycles ?? sized.RecontactCycles,
            TableCapacity = options.TableCapacity ?? sized.TableCapacity,
        };
    }
}
