using System.Diagnostics.Metrics;
using Hearsay.Features.Aggregates;

namespace Hearsay.Tests.Features.Aggregates;

public sealed class EstimateErrorsTests
{
    [Fact]
    public void The_errors_of_whole_epochs_are_shares_of_the_value_and_what_has_none_is_left_out()
    {
        using var meter = new Meter("errors of estimates");
        var taken = new List<double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter == meter)
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            Assert.Equal("c", tags[0].Value);
            taken.Add(value);
        });
        listener.Start();
        var errors = new EstimateErrors(meter, "c");
        var estimate = AggregateService.None(new AggregateSettings().ToDefinition("n", AggregateKind.Average)) with
        {
            IsFinal = true, IsReady = true, Value = -200, Error = 2,
        };
        errors.Note(estimate);
        errors.Note(estimate with { IsFinal = false });
        errors.Note(estimate with { IsReady = false });
        errors.Note(estimate with { Value = 0 });
        errors.Note(estimate with { Error = double.NaN });
        Assert.Equal([0.01], taken);
    }
}
