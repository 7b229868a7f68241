using Hearsay.Protocols;

namespace Hearsay.Learning.State;

/// <summary>
/// Which parameters travel together. Coordinate i belongs to part i mod P, and the biases, at the end, to all parts.
/// Source: Hegedűs, Danner, Jelasity, 2021, and the code of their framework.
/// </summary>
internal sealed class ModelShape
{
    private readonly int[][] _parts;

    public ModelShape(ILearningModel model, int partitions)
    {
        (Model, Partitions) = (model, partitions);
        Fingerprint = FingerprintOf(model, partitions);
        var (count, weights) = (model.ParameterCount, model.ParameterCount - model.BiasCount);
        _parts = partitions == 1 ? [] : new int[partitions][];
        for (var part = 0; part < _parts.Length; part++)
        {
            var places = new List<int>((weights / partitions) + 1 + model.BiasCount);
            for (var place = part; place < weights; place += partitions)
            {
                places.Add(place);
            }

            places.AddRange(Enumerable.Range(weights, count - weights));
            _parts[part] = [.. places];
        }
    }

    /// <summary>The kind of model.</summary>
    public ILearningModel Model { get; }

    /// <summary>P.</summary>
    public int Partitions { get; }

    /// <summary>
    /// The same for models that can be merged: those of one kind, with as many parameters, biases and parts. Of the
    /// models here, that leaves only those of one shape. 57 features in 2 classes have as many parameters as 28 in 4,
    /// but other biases.
    /// </summary>
    public uint Fingerprint { get; }

    /// <summary>How many parameters there are.</summary>
    public int Count => Model.ParameterCount;

    /// <summary>How many of them are not biases.</summary>
    public int WeightCount => Model.ParameterCount - Model.BiasCount;

    /// <summary>How many parameters a part has.</summary>
    public int CountOf(int part) => Partitions == 1 ? Count : _parts[part].Length;

    /// <summary>The places of a part in ascending order; not for a model in one part.</summary>
    public ReadOnlySpan<int> PlacesOf(int part) => _parts[part];

    /// <summary>How many parameters a sample of a share has: the biases are always among them.</summary>
    public int SampleCount(double share) => Math.Max(1, (int)Math.Round(share * WeightCount)) + Model.BiasCount;

    /// <summary>The places of a sample, in ascending order. They follow from the number that travels.</summary>
    public void Sample(uint sample, Span<int> places)
    {
        var random = new SeededRandom(sample);
        var needed = places.Length - Model.BiasCount;
        var (taken, left) = (0, WeightCount);
        for (var place = 0; place < WeightCount && taken < needed; place++, left--)
        {
            if (random.Below(left) < needed - taken)
            {
                places[taken++] = place;
            }
        }

        for (var place = WeightCount; place < Count; place++)
        {
            places[taken++] = place;
        }
    }

    private static uint FingerprintOf(ILearningModel model, int partitions)
    {
        var hash = SeededRandom.Mix(((ulong)model.ParameterCount << 32) | (uint)partitions);
        hash = SeededRandom.Mix(hash ^ (uint)model.BiasCount);
        foreach (var letter in model.Kind)
        {
            hash = SeededRandom.Mix(hash ^ letter);
        }

        return (uint)(hash >> 32);
    }
}
