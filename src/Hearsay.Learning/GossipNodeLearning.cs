using Hearsay.Learning;
using Hearsay.Learning.Exchange;
using Hearsay.Learning.State;
using Hearsay.Protocols.Transfer;

namespace Hearsay;

/// <summary>Gossip learning for nodes.</summary>
public static class GossipNodeLearning
{
    /// <summary>
    /// Lets a node learn from its own data, together with all nodes that do the same. The data stays on the node;
    /// models travel.
    /// </summary>
    /// <remarks>
    /// All nodes must standardise their data in the same way, and use the same model: see <see
    /// cref="LearningOptions"/>.
    /// </remarks>
    /// <param name="node">The node.</param>
    /// <param name="model">The kind of model.</param>
    /// <param name="data">The data of this node. One record is enough.</param>
    /// <param name="options">How it learns; null for the defaults.</param>
    /// <param name="start">A model to continue with; null to start with a new one.</param>
    /// <returns>The learner, which predicts at any time. Dispose it to stop learning.</returns>
    /// <exception cref="ArgumentException">
    /// The options are not valid, the data does not fit the model, or a message would be longer than half of
    /// <see cref="LearningOptions.TransferBytes"/>.
    /// </exception>
    /// <exception cref="InvalidOperationException">The node learns on this channel already.</exception>
    /// <exception cref="HearsayException">Too many commands wait for the node. Transient.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    /// <example>
    /// <code>
    /// var data = CsvData.Load("mine.csv", label: "label");
    /// await using var learner = node.Learn(LinearModel.Logistic(data.FeatureCount), data);
    /// var spam = learner.Predict(features) == 1;
    /// </code>
    /// </example>
    public static Learner Learn(
        this GossipNode node, ILearningModel model, LearningData data, LearningOptions? options = null,
        TrainedModel? start = null)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new LearningOptions();
        Check(model, data, options, start);
        var learner = new Learner(node, model, data, options, start);
        learner.Begin();
        return learner;
    }

    /// <summary>
    /// Agrees with all nodes on the means and deviations of all their records, by aggregation. In a running network
    /// this takes one whole epoch of aggregation, at most two.
    /// </summary>
    /// <remarks>
    /// All nodes need <see cref="GossipNodeOptions.Aggregation"/> with the same times, and with at least two
    /// <see cref="AggregationOptions.MaximumDefinitions"/> for each feature.
    /// </remarks>
    /// <param name="node">The node.</param>
    /// <param name="data">The data of this node, as it is.</param>
    /// <param name="name">The name under which the nodes agree, up to 40 characters.</param>
    /// <param name="leastShare">
    /// The share of the nodes that must have taken part, from 0 to 1. Default 0: an epoch counts, however many nodes
    /// took part in it.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait. Set a limit: a network that never settles never
    /// agrees.</param>
    /// <returns>The agreed standardisation. Keep it as long as the node learns, and then dispose it.</returns>
    /// <exception cref="ArgumentException">
    /// The data has more than <see cref="AgreedStandardisation.MaximumFeatures"/> features, or the name is not allowed.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The node runs no aggregation, or its options allow for too few definitions.
    /// </exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public static Task<AgreedStandardisation> AgreeOnStandardisationAsync(
        this GossipNode node, LearningData data, string name = "learning", double leastShare = 0,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, 40, nameof(name));
        if (data.FeatureCount > AgreedStandardisation.MaximumFeatures)
        {
            throw new ArgumentException(
                $"A network agrees on at most {AgreedStandardisation.MaximumFeatures} features, not "
                + $"{data.FeatureCount}. Standardise with means and deviations that all nodes know.", nameof(data));
        }

        var options = node.Options.Aggregation
            ?? throw new InvalidOperationException("This node runs no aggregation.");
        if (options.MaximumDefinitions < 2 * data.FeatureCount)
        {
            throw new InvalidOperationException(
                $"{data.FeatureCount} features need Aggregation.MaximumDefinitions of at least "
                + $"{2 * data.FeatureCount}, not {options.MaximumDefinitions}.");
        }

        return AgreedStandardisation.AgreeAsync(node, data, name, leastShare, cancellationToken);
    }

    private static void Check(
        ILearningModel model, LearningData data, LearningOptions options, TrainedModel? start)
    {
        if (options.Errors() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        }

        if (model.ParameterCount is < 1 or > TrainedModel.MaximumParameters
            || model.BiasCount < 0 || model.BiasCount > model.ParameterCount
            || options.Partitions > Math.Max(1, model.ParameterCount - model.BiasCount))
        {
            throw new ArgumentException(
                $"A model has 1 to {TrainedModel.MaximumParameters:N0} parameters, and a part at least one weight.",
                nameof(model));
        }

        var (features, classes) = model switch
        {
            LinearModel linear => (linear.FeatureCount, linear.Kind == "regression" ? 0 : 2),
            SoftmaxModel softmax => (softmax.FeatureCount, softmax.ClassCount),
            MlpModel network => (network.FeatureCount, network.ClassCount),
            _ => (data.FeatureCount, data.ClassCount),
        };
        if (data.FeatureCount != features || data.ClassCount > classes || (classes > 0 && data.ClassCount == 0))
        {
            throw new ArgumentException(
                $"The model takes {features} features and {classes} classes; the data has {data.FeatureCount} and "
                + $"{data.ClassCount}.", nameof(data));
        }

        var bytes = LearningProtocol.LargestMessageBytes(new ModelShape(model, options.Partitions), options);
        var limit = LearningFrame.NumberBytes + bytes <= LearningFrame.MaximumBodyBytes ? bytes
            : Math.Min(TransferManifest.LongestBody, options.TransferBytes / 2);
        if (bytes > limit)
        {
            throw new ArgumentException(
                $"A message would have {bytes:N0} bytes, and at most {limit:N0} can be sent. Use more TransferBytes, "
                + "more Partitions, a smaller Subsample or fewer Bits.", nameof(options));
        }

        if (start is not null && (start.Model.Kind != model.Kind || start.Parameters.Length != model.ParameterCount
            || start.Model.BiasCount != model.BiasCount))
        {
            throw new ArgumentException("The model to go on with is of another kind, size or shape.", nameof(start));
        }
    }
}
