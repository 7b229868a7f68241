namespace Hearsay.Simulation.Network;

/// <summary>
/// Logarithm and exponential from additions, multiplications and divisions alone, whose results IEEE 754 fixes to the
/// last bit. Those of the base library are the platform's and may differ in it, and one bit makes another trace.
/// </summary>
internal static class ExactMath
{
    private const double Ln2 = 0.693147180559945309417;

    /// <summary>Ln 2 in two parts; the first has so few digits that small multiples of it are exact.</summary>
    private const double Ln2High = 0.693145751953125;
    private const double Ln2Low = 1.42860682030941723212e-6;

    private const int MantissaBits = 52;
    private const int Bias = 1023;

    /// <summary>The natural logarithm, to 1e-15 of it or of 1.</summary>
    /// <param name="value">A positive normal number.</param>
    public static double Log(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> MantissaBits) - Bias;
        var mantissa = BitConverter.Int64BitsToDouble(
            (bits & ((1L << MantissaBits) - 1)) | ((long)Bias << MantissaBits));
        if (mantissa > 4.0 / 3)
        {
            (mantissa, exponent) = (mantissa / 2, exponent + 1);
        }

        // ln m = 2 artanh s, and s is at most 1/5.
        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var sum = 0.0;
        for (var power = 25; power >= 1; power -= 2)
        {
            sum = (sum * square) + (1.0 / power);
        }

        return (exponent * Ln2High) + ((exponent * Ln2Low) + (2 * s * sum));
    }

    /// <summary>The exponential function, to 1e-14 of it.</summary>
    /// <param name="value">From -700 to 700.</param>
    public static double Exp(double value)
    {
        var doublings = (int)Math.Round(value / Ln2);
        var rest = value - (doublings * Ln2High) - (doublings * Ln2Low);
        var sum = 1.0;
        for (var term = 18; term >= 1; term--)
        {
            sum = 1 + (rest / term * sum);
        }

        return sum * BitConverter.Int64BitsToDouble((long)(doublings + Bias) << MantissaBits);
    }
}
