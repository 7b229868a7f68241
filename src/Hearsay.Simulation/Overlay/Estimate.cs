namespace Hearsay.Simulation;

/// <summary>A figure measured on a random sample of nodes, and how far off it may be.</summary>
/// <param name="Value">The mean over the sample.</param>
/// <param name="StandardError">The standard error of that mean: about two thirds of all samples are off by less. 0 if
/// every node was in the sample.</param>
/// <param name="Samples">How many nodes were in it.</param>
public readonly record struct Estimate(double Value, double StandardError, int Samples)
{
    /// <summary>The standard error as a share of the value; 0 if the value is.</summary>
    public double RelativeError => Value == 0 ? 0 : StandardError / Value;

    /// <summary>The mean of a sample drawn without replacement, from its sums.</summary>
    /// <param name="sum">The sum of the sample.</param>
    /// <param name="squares">The sum of its squares.</param>
    /// <param name="samples">Its size.</param>
    /// <param name="population">How many there are to draw from: the more of them are in, the smaller the
    /// error.</param>
    internal static Estimate Of(double sum, double squares, int samples, int population)
    {
        if (samples == 0)
        {
            return default;
        }

        var mean = sum / samples;
        if (samples == population)
        {
            return new Estimate(mean, 0, samples);
        }

        var variance = samples < 2 ? double.PositiveInfinity : (squares - (sum * mean)) / (samples - 1);
        var error = Math.Sqrt(Math.Max(0, variance) / samples * (population - samples) / population);
        return new Estimate(mean, error, samples);
    }
}
