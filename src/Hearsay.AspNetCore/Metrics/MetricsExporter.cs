using System.Diagnostics.Metrics;
using System.Text;

namespace Hearsay.AspNetCore.Metrics;

/// <summary>
/// Reads the observable instruments of the meters named <c>Hearsay</c> and <c>Hearsay.Http</c> when it is asked. The
/// meters have no others, so nothing is kept between two scrapes.
/// </summary>
internal sealed class MetricsExporter : IDisposable
{
    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, (Instrument First, StringBuilder Samples)> _families =
        new(StringComparer.Ordinal);

    /// <summary>Begins to listen.</summary>
    /// <param name="own">The meter of this service: another service of the process has one of the same name.</param>
    /// <param name="factory">
    /// What the meter of the host's nodes comes from; null for the meter of the process. With both, some series would
    /// come twice.
    /// </param>
    public MetricsExporter(Meter own, IMeterFactory? factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            var meter = instrument.Meter;
            var isOfNodes = meter.Name == "Hearsay" && ReferenceEquals(meter.Scope, factory);
            if (instrument.IsObservable && (isOfNodes || meter == own))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>All samples of this moment.</summary>
    public string Scrape()
    {
        lock (_gate)
        {
            _families.Clear();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (var (name, (first, samples)) in _families)
            {
                MetricText.AppendHead(text, name, first);
                text.Append(samples);
            }

            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    /// <summary>Under the gate: only a scrape asks for measurements.</summary>
    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = MetricText.NameOf(instrument);
        if (!_families.TryGetValue(name, out var family))
        {
            _families[name] = family = (instrument, new StringBuilder());
        }

        MetricText.AppendSample(family.Samples, name, value, tags);
    }
}
