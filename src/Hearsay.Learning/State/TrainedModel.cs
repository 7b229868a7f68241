using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Hearsay.Learning.Kernels;

namespace Hearsay.Learning;

/// <summary>The parameters of a model at a moment. Immutable, so safe on any thread.</summary>
public sealed class TrainedModel
{
    /// <summary>The most bytes that <see cref="Load"/> reads: no file makes a node take more memory.</summary>
    public const int MaximumFileBytes = (4 * MaximumParameters) + 4096;

    /// <summary>The most parameters of a model.</summary>
    public const int MaximumParameters = 16_777_216;

    private const uint Magic = 0x48_4C_52_4E;
    private const int HashBytes = 32;

    private readonly float[] _parameters;

    internal TrainedModel(ILearningModel model, ReadOnlySpan<float> parameters, long age) =>
        (Model, _parameters, Age) = (model, parameters.ToArray(), age);

    /// <summary>The kind of model.</summary>
    public ILearningModel Model { get; }

    /// <summary>The age: how much it has learned, in the unit of <see cref="LearningOptions.Age"/>.</summary>
    public long Age { get; }

    /// <summary>The parameters.</summary>
    public ReadOnlyMemory<float> Parameters => _parameters;

    /// <summary>Predicts the target of a record: its class, or a number.</summary>
    /// <param name="features">The features, standardised like the data that the model learned from.</param>
    public float Predict(ReadOnlySpan<float> features) => Model.Predict(_parameters, features);

    /// <summary>Returns how wrong the model is; see <see cref="ILearningModel.Evaluate"/>.</summary>
    /// <param name="data">Data to test with, standardised like the data that the model learned from.</param>
    public double Evaluate(LearningData data) => Model.Evaluate(_parameters, data);

    /// <summary>
    /// Saves the model: a mark and version, the kind, the age, the parameters, and a SHA-256 of all that.
    /// </summary>
    /// <param name="path">The file, which is written whole and then moved into its place.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var kind = Encoding.UTF8.GetBytes(Model.Kind);
        var bytes = new byte[20 + kind.Length + (4 * _parameters.Length) + HashBytes];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), 1);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), (ushort)kind.Length);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), Age);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), _parameters.Length);
        kind.CopyTo(bytes, 20);
        for (var i = 0; i < _parameters.Length; i++)
        {
            BinaryPrimitives.WriteSingleBigEndian(bytes.AsSpan(20 + kind.Length + (4 * i)), _parameters[i]);
        }

        SHA256.HashData(bytes.AsSpan(..^HashBytes), bytes.AsSpan(bytes.Length - HashBytes));
        var beside = path + ".new";
        File.WriteAllBytes(beside, bytes);
        File.Move(beside, path, overwrite: true);
    }

    /// <summary>Loads a model that was saved.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The kind of model that it must be.</param>
    /// <exception cref="InvalidDataException">
    /// It is no saved model, is damaged or too large, or is a model of another kind or size; the message says which.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrainedModel Load(string path, ILearningModel model)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(model);
        var length = new FileInfo(path).Length;
        if (length > MaximumFileBytes)
        {
            throw new InvalidDataException($"{path} has {length:N0} bytes, more than any model.");
        }

        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < 20 + HashBytes || BinaryPrimitives.ReadUInt32BigEndian(bytes) != Magic)
        {
            throw new InvalidDataException($"{path} is not a saved model.");
        }

        var version = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(4));
        if (version != 1)
        {
            throw new InvalidDataException($"{path} has version {version}; this program reads version 1.");
        }

        if (!SHA256.HashData(bytes.AsSpan(..^HashBytes)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - HashBytes)))
        {
            throw new InvalidDataException($"{path} is damaged: its checksum is wrong.");
        }

        return Parse(path, bytes.AsSpan(..^HashBytes), model);
    }

    private static TrainedModel Parse(string path, ReadOnlySpan<byte> bytes, ILearningModel model)
    {
        int kindLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        var age = BinaryPrimitives.ReadInt64BigEndian(bytes[8..]);
        var count = BinaryPrimitives.ReadInt32BigEndian(bytes[16..]);
        if (bytes.Length != 20L + kindLength + (4L * count) || age < 0 || age > State.ModelMessage.MaximumAge)
        {
            throw new InvalidDataException($"{path} is damaged: its lengths do not fit.");
        }

        var kind = Encoding.UTF8.GetString(bytes.Slice(20, kindLength));
        if (kind != model.Kind || count != model.ParameterCount)
        {
            throw new InvalidDataException(
                $"{path} is a model {kind} of {count:N0} parameters, not {model.Kind} of {model.ParameterCount:N0}.");
        }

        var parameters = new float[count];
        for (var i = 0; i < count; i++)
        {
            parameters[i] = BinaryPrimitives.ReadSingleBigEndian(bytes[(20 + kindLength + (4 * i))..]);
        }

        return Weights.AreSane(parameters)
            ? new TrainedModel(model, parameters, age)
            : throw new InvalidDataException($"{path} has parameters that are not finite numbers.");
    }
}
