using Hearsay.Learning;
using Hearsay.Protocols;

namespace OwnModel;

/// <summary>
/// Clusters records around k centres: a model of your own, for gossip to train. Its parameters are the centres, one
/// after the other. How models are merged and written is left to the defaults.
/// </summary>
/// <remarks>All nodes begin with the same centres, so that the same place means the same cluster everywhere.</remarks>
internal sealed class KMeansModel(int featureCount, int k) : ILearningModel
{
    public string Kind => $"k-means-{k}";

    public int ParameterCount => k * featureCount;

    public void Initialise(Span<float> parameters, ref SeededRandom random)
    {
        var shared = new SeededRandom(1);
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i] = (float)((2 * shared.NextDouble()) - 1);
        }
    }

    public void Update(Span<float> parameters, LearningData data, ReadOnlySpan<int> batch, float step, float decay)
    {
        foreach (var row in batch)
        {
            var features = data.Features(row);
            var centre = parameters.Slice((int)Predict(parameters, features) * featureCount, featureCount);
            for (var i = 0; i < centre.Length; i++)
            {
                centre[i] += Math.Min(step, 1) * (features[i] - centre[i]);
            }
        }
    }

    /// <summary>The root of the mean squared distance of a record from the centre of its cluster.</summary>
    public double Evaluate(ReadOnlySpan<float> parameters, LearningData data)
    {
        var sum = 0.0;
        for (var row = 0; row < data.RowCount; row++)
        {
            var features = data.Features(row);
            sum += Distance(parameters, features, (int)Predict(parameters, features));
        }

        return Math.Sqrt(sum / data.RowCount);
    }

    /// <summary>The number of the nearest centre.</summary>
    public float Predict(ReadOnlySpan<float> parameters, ReadOnlySpan<float> features)
    {
        var nearest = 0;
        for (var centre = 1; centre < k; centre++)
        {
            if (Distance(parameters, features, centre) < Distance(parameters, features, nearest))
            {
                nearest = centre;
            }
        }

        return nearest;
    }

    private double Distance(ReadOnlySpan<float> parameters, ReadOnlySpan<float> features, int centre)
    {
        var sum = 0.0;
        for (var i = 0; i < featureCount; i++)
        {
            var difference = features[i] - parameters[(centre * featureCount) + i];
            sum += difference * difference;
        }

        return sum;
    }
}
