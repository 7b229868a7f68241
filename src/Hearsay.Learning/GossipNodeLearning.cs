using Hearsay.Learning;
using Hearsay.Learning.Exchange;
using Hearsay.Learning.State;

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
    /// <param name="start">A model to go on with; null to begin anew.</param>
    /// <returns>The learner, which predicts at any time. Dispose it to stop learning.</returns>
    /// <exception cref="ArgumentException">
    /// The options are not valid, the data does not fit the model, or a message would have more than 65,000 bytes.
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

        var bytes = LearningFrame.NumberBytes
            + LearningProtocol.LargestMessageBytes(new ModelShape(model, options.Partitions), options);
        if (bytes > LearningFrame.MaximumBodyBytes)
        {
            throw new ArgumentException(
                $"A message would have {bytes:N0} bytes, and at most {LearningFrame.MaximumBodyBytes:N0} can be sent. "
                + "Use more Partitions, a smaller Subsample or fewer Bits.", nameof(options));
        }

        if (start is not null && (start.Model.Kind != model.Kind || start.Parameters.Length != model.ParameterCount))
        {
            throw new ArgumentException("The model to go on with is of another kind or size.", nameof(start));
        }
    }
}
