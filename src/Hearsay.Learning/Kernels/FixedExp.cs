namespace Hearsay.Learning.Kernels;

/// <summary>
/// The exponential function and what is made of it, from additions and multiplications alone. IEEE 754 fixes those to
/// the last bit, while the functions of the base library may differ from platform to platform.
/// </summary>
internal static class FixedExp
{
    private const double Log2E = 1.4426950408889634;
    private const double Ln2High = 0.693145751953125;
    private const double Ln2Low = 1.42860682030941723212e-6;
    private const int MantissaBits = 52;
    private const int Bias = 1023;

    /// <summary>Adding and subtracting it rounds to a whole number, ties to even.</summary>
    private const double Rounder = 6755399441055744.0;

    /// <summary>The exponential function to about 1e-9 of it; arguments beyond ±80 count as ±80.</summary>
    public static double Exp(double value)
    {
        value = value < -80 ? -80 : value > 80 ? 80 : value;
        var doublings = (value * Log2E) + Rounder - Rounder;
        var rest = value - (doublings * Ln2High) - (doublings * Ln2Low);
        var sum = 1.0 / 40320;
        sum = (sum * rest) + (1.0 / 5040);
        sum = (sum * rest) + (1.0 / 720);
        sum = (sum * rest) + (1.0 / 120);
        sum = (sum * rest) + (1.0 / 24);
        sum = (sum * rest) + (1.0 / 6);
        sum = (sum * rest) + 0.5;
        sum = (sum * rest) + 1;
        sum = (sum * rest) + 1;
        return sum * BitConverter.Int64BitsToDouble(((long)doublings + Bias) << MantissaBits);
    }

    /// <summary>1 / (1 + exp(-value)).</summary>
    public static float Sigmoid(float value) => (float)(1 / (1 + Exp(-value)));

    /// <summary>The hyperbolic tangent.</summary>
    public static float Tanh(float value)
    {
        var square = Exp(2 * value);
        return (float)((square - 1) / (square + 1));
    }

    /// <summary>Turns scores into probabilities, in place.</summary>
    public static void SoftMax(Span<float> scores)
    {
        var largest = scores[0];
        foreach (var score in scores[1..])
        {
            largest = score > largest ? score : largest;
        }

        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++)
        {
            var power = Exp(scores[i] - largest);
            scores[i] = (float)power;
            sum += power;
        }

        var scale = (float)(1 / sum);
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] *= scale;
        }
    }
}
