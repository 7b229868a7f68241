using System.Globalization;
using Hearsay.Protocols;

namespace Hearsay.Lab.Models;

/// <summary>
/// How long nodes stay, in cycles: a table of lengths, all equally likely. Made from a distribution's quantiles or read
/// from a file.
/// </summary>
internal sealed class SessionLengths
{
    /// <summary>The most lengths that are read from a file.</summary>
    public const int MostLengths = 1_000_000;

    private const int Quantiles = 10_000;
    private const double WeibullShape = 0.5;
    private const double ParetoShape = 1.5;

    private readonly double[] _lengths;
    private readonly double[] _cumulated;

    private SessionLengths(double[] lengths)
    {
        _lengths = lengths;
        _cumulated = new double[lengths.Length];
        var sum = 0.0;
        for (var i = 0; i < lengths.Length; i++)
        {
            _cumulated[i] = sum += lengths[i];
        }
    }

    /// <summary>The mean, in cycles.</summary>
    public double Mean => _cumulated[^1] / _lengths.Length;

    /// <summary>Reads "exponential:100", "weibull:100" (shape 0.5), "pareto:100" (shape 1.5) or a file.</summary>
    /// <exception cref="LabUsageException">It is none of these, or the file is not as it should be.</exception>
    public static SessionLengths Read(string text)
    {
        var parts = text.Split(':');
        Func<double, double>? quantile = parts[0].ToUpperInvariant() switch
        {
            "EXPONENTIAL" => rest => -Math.Log(rest),
            "WEIBULL" => rest => Math.Pow(-Math.Log(rest), 1 / WeibullShape),
            "PARETO" => rest => Math.Pow(rest, -1 / ParetoShape),
            _ => null,
        };
        if (quantile is null)
        {
            return OfFile(text);
        }

        if (parts.Length != 2 || !TryLength(parts[1], out var mean))
        {
            throw new LabUsageException($"--sessions {text}: the mean must be from 1 to 1,000,000,000 cycles.");
        }

        var lengths = Enumerable.Range(0, Quantiles)
            .Select(index => quantile((index + 0.5) / Quantiles)).ToArray();
        var scale = mean / lengths.Average();
        return new SessionLengths([.. lengths.Select(length => length * scale)]);
    }

    /// <summary>The length of a session that begins now.</summary>
    public double Draw(ref SeededRandom random) => _lengths[random.Below(_lengths.Length)];

    /// <summary>
    /// What is left of the session of somebody met at a random moment: long ones are met more often, and somewhere in
    /// their middle.
    /// </summary>
    public double DrawRest(ref SeededRandom random)
    {
        var index = Array.BinarySearch(_cumulated, random.NextDouble() * _cumulated[^1]);
        return _lengths[Math.Min(index < 0 ? ~index : index, _lengths.Length - 1)] * random.NextDouble();
    }

    private static SessionLengths OfFile(string path)
    {
        var (lengths, number) = (new List<double>(), 0);
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                number++;
                var field = line.Split(',', ';', '\t')[0].Trim();
                if (TryLength(field, out var length))
                {
                    lengths.Add(length);
                }
                else if (number > 1 && field.Length > 0)
                {
                    throw new LabUsageException(
                        $"--sessions {path}, line {number}: must be a length from 1 to 1,000,000,000, not '{field}'.");
                }

                if (lengths.Count > MostLengths)
                {
                    throw new LabUsageException($"--sessions {path}: more than {MostLengths:N0} lengths.");
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LabUsageException($"--sessions must be KIND:CYCLES or FILE: {failure.Message}", failure);
        }

        return lengths.Count > 0
            ? new SessionLengths([.. lengths])
            : throw new LabUsageException($"--sessions {path}: there is no length in it.");
    }

    private static bool TryLength(string text, out double length) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out length)
        && length is >= 1 and <= 1e9;
}
