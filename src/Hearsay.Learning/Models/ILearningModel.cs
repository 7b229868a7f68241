using Hearsay.Learning.Kernels;
using Hearsay.Learning.Models;
using Hearsay.Protocols;

namespace Hearsay.Learning;

/// <summary>
/// A kind of model that gossip can train. It defines what the parameters mean, but does not hold their values. One
/// object serves any number of nodes. Implement it for a model of your own; only <see cref="Update"/>,
/// <see cref="Evaluate"/> and <see cref="Predict"/> have no default.
/// </summary>
/// <remarks>
/// Parameters are plain numbers in a span that belongs to the caller and is valid only during the call. Implementations
/// are immutable and safe on any thread. They draw random numbers only from the generator they are given, read no clock
/// and must not throw, whatever finite numbers the parameters hold.
/// </remarks>
public interface ILearningModel
{
    /// <summary>
    /// Names the kind of model. Nodes refuse models of another kind, <see cref="ParameterCount"/> or
    /// <see cref="BiasCount"/>. If models with the same three can differ in shape, name their sizes here.
    /// </summary>
    string Kind { get; }

    /// <summary>The number of parameters, from 1 to 16,777,216.</summary>
    int ParameterCount { get; }

    /// <summary>
    /// The number of parameters, at the end, that travel with every part of a model. Default 0. Linear models have
    /// their bias there.
    /// </summary>
    int BiasCount => 0;

    /// <summary>Sets the parameters of a model that has seen no data. By default they are 0.</summary>
    /// <param name="parameters">The parameters to set.</param>
    /// <param name="random">The generator to use. Nodes have different ones.</param>
    void Initialise(Span<float> parameters, ref SeededRandom random) => parameters.Clear();

    /// <summary>Improves the parameters by one mini-batch.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="data">The node's data.</param>
    /// <param name="batch">The records of the mini-batch, at least 1.</param>
    /// <param name="step">The length of the step, above 0.</param>
    /// <param name="decay">The weight of regularisation, 0 or more.</param>
    void Update(Span<float> parameters, LearningData data, ReadOnlySpan<int> batch, float step, float decay);

    /// <summary>Merges received parameters into the node's own. By default each parameter moves towards the received
    /// one.</summary>
    /// <param name="parameters">The node's own parameters. If only a part of a model travels, only those of the
    /// part.</param>
    /// <param name="received">The received parameters, in the same number.</param>
    /// <param name="share">The share of the received model, from 0 to 1.</param>
    void Merge(Span<float> parameters, ReadOnlySpan<float> received, float share) =>
        Weights.Blend(parameters, received, share);

    /// <summary>
    /// Returns the error of the model, 0 at best. For classes it is the share of records that the model gets wrong, for
    /// numbers the root of the mean squared difference.
    /// </summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="data">Data to test with.</param>
    double Evaluate(ReadOnlySpan<float> parameters, LearningData data);

    /// <summary>Predicts the target of a record: its class, or a number.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="features">The features of the record.</param>
    /// <exception cref="ArgumentException">There are more or fewer features than the model takes.</exception>
    float Predict(ReadOnlySpan<float> parameters, ReadOnlySpan<float> features);

    /// <summary>Returns the number of bytes that <see cref="Write"/> writes.</summary>
    /// <param name="count">The number of parameters to write.</param>
    /// <param name="bits">The bits of a parameter: 32, 16 or 8.</param>
    int SizeBytes(int count, int bits) => ParameterCodec.SizeBytes(count, bits);

    /// <summary>Writes parameters for others to read.</summary>
    /// <param name="parameters">The parameters; if only a part of a model travels, only those of the part.</param>
    /// <param name="bits">The bits of a parameter: 32, 16 or 8.</param>
    /// <param name="destination">Exactly as many bytes as <see cref="SizeBytes"/> says.</param>
    /// <param name="random">The generator to use, for rounding.</param>
    void Write(ReadOnlySpan<float> parameters, int bits, Span<byte> destination, ref SeededRandom random) =>
        ParameterCodec.Write(parameters, bits, destination, ref random);

    /// <summary>Reads what <see cref="Write"/> wrote on another node, or anything at all.</summary>
    /// <param name="source">Exactly as many bytes as <see cref="SizeBytes"/> says.</param>
    /// <param name="bits">The bits of a parameter: 32, 16 or 8.</param>
    /// <param name="parameters">Receives the parameters.</param>
    /// <returns>
    /// False if the bytes are not a model: then they are counted and dropped. The caller checks that all parameters are
    /// finite numbers.
    /// </returns>
    bool TryRead(ReadOnlySpan<byte> source, int bits, Span<float> parameters) =>
        ParameterCodec.TryRead(source, bits, parameters);
}
