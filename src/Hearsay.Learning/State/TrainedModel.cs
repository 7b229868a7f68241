using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Hearsay.Learning.Data;
using Hearsay.Learning.Kernels;

namespace Hearsay.Learning;

/// <summary>The parameters of a model at a moment. Immutable, so safe on any thread.</summary>
public sealed class TrainedModel
{
    /// <summary>The maximum number of bytes that <see cref="Load"/> reads, so that no file makes a node take more
    /// memory.</summary>
    public const int MaximumFileBytes = (4 * MaximumParameters) + 4096;

    /// <summary>The maximum number of parameters of a model.</summary>
    public const int MaximumParameters = 16_777_216;

    private const uint Magic = 0x48_4C_52_4E;

    /// <summary>Version 1 did not have the number of biases.</summary>
    private const int Version = 2;
    private const int HeaderBytes = 24;
    private const int OldHeaderBytes = 20;
    private const int HashBytes = 32;

    private readonly float[] _parameters;

    internal TrainedModel(ILearningModel model, ReadOnlySpan<float> parameters, long age) =>
        (Model, _parameters, Age) = (model, parameters.ToArray(), age);

    /// <summary>The kind of model.</summary>
    public ILearningModel Model { get; }

    /// <summary>The age: how much the model has learned, in the unit of <see cref="LearningOptions.Age"/>.</summary>
    public long Age { get; }

    /// <summary>The parameters.</summary>
    public ReadOnlyMemory<float> Parameters => _parameters;

    /// <summary>Predicts the target of a record: its class, or a number.</summary>
    /// <param name="features">The features, standardised like the data that the model learned from.</param>
    /// <exception cref="ArgumentException">There are more or fewer features than the model takes.</exception>
    public float Predict(ReadOnlySpan<float> features) => Model.Predict(_parameters, features);

    /// <summary>Returns the error of the model; see <see cref="ILearningModel.Evaluate"/>.</summary>
    /// <param name="data">Data to test with, standardised like the data that the model learned from.</param>
    public double Evaluate(LearningData data) => Model.Evaluate(_parameters, data);

    /// <summary>
    /// Saves the model: a mark and version, the kind, the age, the numbers of parameters and of biases, the parameters,
    /// and a SHA-256 of all that.
    /// </summary>
    /// <param name="path">The file, which is written whole and then moved into its place.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var kind = Encoding.UTF8.GetBytes(Model.Kind);
        var bytes = new byte[HeaderBytes + kind.Length + (4 * _parameters.Length) + HashBytes];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), Version);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), (ushort)kind.Length);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), Age);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), _parameters.Length);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(OldHeaderBytes), Model.BiasCount);
        kind.CopyTo(bytes, HeaderBytes);
        for (var i = 0; i < _parameters.Length; i++)
        {
            BinaryPrimitives.WriteSingleBigEndian(bytes.AsSpan(HeaderBytes + kind.Length + (4 * i)), _parameters[i]);
        }

        SHA256.HashData(bytes.AsSpan(..^HashBytes), bytes.AsSpan(bytes.Length - HashBytes));
        WholeFile.Write(path, bytes);
    }

    /// <summary>Loads a model that was saved.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The kind of model that it must be.</param>
    /// <exception cref="InvalidDataException">
    /// It is not a saved model, is damaged or too large, or is a model of another kind or size; the message says which.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrainedModel Load(string path, ILearningModel model)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(model);
        using var file = File.OpenRead(path);
        var bytes = Read(file, path);
        if (bytes.Length < OldHeaderBytes + HashBytes || BinaryPrimitives.ReadUInt32BigEndian(bytes) != Magic)
        {
            throw new InvalidDataException($"{path} is not a saved model.");
        }

        var version = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(4));
        if (version is not (1 or Version))
        {
            throw new InvalidDataException($"{path} has version {version}; this program reads versions 1 and 2.");
        }

        if (!SHA256.HashData(bytes.AsSpan(..^HashBytes)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - HashBytes)))
        {
            throw new InvalidDataException($"{path} is damaged: its checksum is wrong.");
        }

        return Parse(path, bytes.AsSpan(..^HashBytes), model);
    }

    /// <summary>Reads a file, or what only looks like one and never ends.</summary>
    internal static byte[] Read(Stream file, string path)
    {
        using var read = new MemoryStream();
        var chunk = new byte[65_536];
        for (var count = file.Read(chunk); count > 0; count = file.Read(chunk))
        {
            read.Write(chunk, 0, count);
            if (Math.Max(read.Length, file.CanSeek ? file.Length : 0) > MaximumFileBytes)
            {
                throw new InvalidDataException($"{path} has more than {MaximumFileBytes:N0} bytes: no model has.");
            }
        }

        return read.ToArray();
    }

    private static TrainedModel Parse(string path, ReadOnlySpan<byte> bytes, ILearningModel model)
    {
        var isOld = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]) == 1;
        int kindLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        var age = BinaryPrimitives.ReadInt64BigEndian(bytes[8..]);
        var count = BinaryPrimitives.ReadInt32BigEndian(bytes[16..]);
        var header = (isOld ? OldHeaderBytes : HeaderBytes) + kindLength;
        if (count < 0 || bytes.Length != header + (4L * count) || age < 0 || age > State.ModelMessage.MaximumAge)
        {
            throw new InvalidDataException($"{path} is damaged: its lengths do not fit.");
        }

        var kind = Encoding.UTF8.GetString(bytes[(header - kindLength)..header]);
        if (kind != model.Kind || count != model.ParameterCount)
        {
            throw new InvalidDataException(
                $"{path} is a model {kind} of {count:N0} parameters, not {model.Kind} of {model.ParameterCount:N0}.");
        }

        CheckShape(path, isOld ? null : BinaryPrimitives.ReadInt32BigEndian(bytes[OldHeaderBytes..]), model);
        var parameters = new float[count];
        for (var i = 0; i < count; i++)
        {
            parameters[i] = BinaryPrimitives.ReadSingleBigEndian(bytes[(header + (4 * i))..]);
        }

        return Weights.AreSane(parameters)
            ? new TrainedModel(model, parameters, age)
            : throw new InvalidDataException($"{path} has parameters that are not finite numbers.");
    }

    /// <summary>The shape of a linear model follows from its number of parameters; that of others does not.</summary>
    private static void CheckShape(string path, int? biasCount, ILearningModel model)
    {
        if (biasCount is null && model is not LinearModel)
        {
            throw new InvalidDataException(
                $"{path} has version 1, which does not say what shape a model {model.Kind} has. Train it anew.");
        }

        if (biasCount is { } count && count != model.BiasCount)
        {
            throw new InvalidDataException(
                $"{path} is a model {model.Kind} of another shape: {count:N0} biases, not {model.BiasCount:N0}.");
        }
    }
}
