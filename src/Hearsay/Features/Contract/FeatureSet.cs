using Hearsay.Protocols;

namespace Hearsay.Features.Contract;

/// <summary>The features of one node, in the order of a list. It names none of them.</summary>
internal sealed class FeatureSet
{
    private readonly Lock _joining = new();

    /// <summary>Replaced when one joins, and never changed.</summary>
    private volatile INodeFeature[] _features;

    private volatile IReadOnlyList<FeatureDescription> _descriptions;

    /// <summary>Makes those features of a list that the options ask for.</summary>
    public FeatureSet(GossipNodeOptions options, IReadOnlyList<FeatureDescription> all)
    {
        _descriptions = all;
        _features = [.. all.Select(one => one.Create(options)).OfType<INodeFeature>()];
    }

    /// <summary>The list, also of those that the node runs without.</summary>
    public IReadOnlyList<FeatureDescription> Descriptions => _descriptions;

    /// <summary>The protocols of all, in the order in which they start.</summary>
    public IEnumerable<IProtocol> Protocols => _features.SelectMany(static feature => feature.Protocols);

    /// <summary>The histograms of all.</summary>
    public IEnumerable<FeatureHistogram> Histograms => _features.SelectMany(static feature => feature.Histograms);

    /// <summary>A feature of a type; null if the node runs without.</summary>
    public T? Find<T>()
        where T : class, INodeFeature
    {
        foreach (var feature in _features)
        {
            if (feature is T found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>
    /// Finds a feature of a package that builds on this one, or lets it join a node that runs. It has no protocols in
    /// this list, and is not attached; it brings numbers, and is told when the node has stopped. Any thread.
    /// </summary>
    public T FindOrJoin<T>(FeatureDescription description, Func<T> make)
        where T : class, INodeFeature
    {
        lock (_joining)
        {
            if (Find<T>() is { } found)
            {
                return found;
            }

            var joined = make();
            _features = [.. _features, joined];
            _descriptions = [.. _descriptions, description];
            return joined;
        }
    }

    /// <summary>What a feature offers to others; null if no feature of the node offers it.</summary>
    public T? Offered<T>()
        where T : class => _features.OfType<T>().FirstOrDefault();

    /// <summary>See <see cref="INodeFeature.Attach"/>.</summary>
    public void Attach(FeatureHost host) => Array.ForEach(_features, feature => feature.Attach(host));

    /// <summary>A protocol has published an event. Its feature is told, if it has one.</summary>
    public void OnEvent(byte protocol, object happened)
    {
        foreach (var feature in _features)
        {
            for (var i = 0; i < feature.Protocols.Count; i++)
            {
                if (feature.Protocols[i].Id == protocol)
                {
                    feature.OnEvent(protocol, happened);
                    return;
                }
            }
        }
    }

    /// <summary>All hand over at the same time; see <see cref="INodeFeature.HandOverAsync"/>.</summary>
    public async Task<LeaveResult> HandOverAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var results = await Task.WhenAll(
            _features.Select(feature => feature.HandOverAsync(limit, cancellationToken))).ConfigureAwait(false);
        return new LeaveResult
        {
            IsKnown = results.All(static result => result.IsKnown),
            NotHandedOver = [.. results.SelectMany(static result => result.NotHandedOver)],
        };
    }

    /// <summary>See <see cref="INodeFeature.Complete"/>.</summary>
    public void Complete(Exception? failure) => Array.ForEach(_features, feature => feature.Complete(failure));

    /// <summary>A number of whichever feature has it; 0 if the node runs without. Any thread.</summary>
    public long Read(FeatureMetric metric)
    {
        var sum = 0L;
        foreach (var feature in _features)
        {
            sum += metric.Read(feature);
        }

        return sum;
    }
}
