using System.Diagnostics.Metrics;
using Hearsay.Features.Contract;

namespace Hearsay.Tests.Features.Contract;

public sealed class HistogramsTests
{
    /// <summary>Asked of the meter itself, threads that ask at once publish several now and then.</summary>
    [Fact]
    public void Threads_that_ask_at_once_get_one_instrument_and_publish_one()
    {
        using var meter = new Meter("histograms");
        var published = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter == meter)
            {
                Interlocked.Increment(ref published);
            }
        };
        listener.Start();
        const int Rounds = 200;
        for (var round = 0; round < Rounds; round++)
        {
            var name = $"histogram.{round}";
            var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] };
            var found = new Histogram<double>[4];
            Parallel.For(0, found.Length, place =>
                found[place] = Histograms.Of(meter, name, "s", "A histogram.", advice));
            Assert.All(found, histogram => Assert.Same(found[0], histogram));
        }

        Assert.Equal(Rounds, published);
    }
}
