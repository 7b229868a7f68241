using System.Diagnostics.Metrics;

namespace Hearsay.Features.Contract;

/// <summary>
/// Makes histograms, one of a name on a meter. <see cref="Meter"/> promises the same, but two threads that ask at once
/// both publish one, and a listener would see the instrument twice.
/// </summary>
internal static class Histograms
{
    private static readonly Lock s_gate = new();

    /// <summary>The histogram of that name, made at the first call.</summary>
    public static Histogram<double> Of(
        Meter meter, string name, string unit, string description, InstrumentAdvice<double> advice)
    {
        lock (s_gate)
        {
            return meter.CreateHistogram(name, unit, description, null, advice);
        }
    }
}
