using System.Diagnostics.Metrics;
using System.Text;

namespace Hearsay.AspNetCore.Metrics;

/// <summary>
/// Reads the observable instruments of the meters named <c>Hearsay</c> and <c>Hearsay.Http</c> when it is asked, and
/// keeps the counts of their histograms.
/// </summary>
internal sealed class MetricsExporter : IDisposable
{
    /// <summary>Clusters of a process, times histograms: more sets of tags than there ever are.</summary>
    private const int MaximumSeries = 256;

    private readonly Lock _gate = new();

    /// <summary>Guards the histograms; held for moments.</summary>
    private readonly Lock _histogramGate = new();
    private readonly List<HistogramSeries> _histograms = [];
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
            if ((instrument.IsObservable || instrument is Histogram<double>) && (isOfNodes || meter == own))
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
            AddHistograms();
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

    private void AddHistograms()
    {
        lock (_histogramGate)
        {
            foreach (var series in _histograms)
            {
                var name = MetricText.NameOf(series.Instrument);
                if (!_families.TryGetValue(name, out var family))
                {
                    _families[name] = family = (series.Instrument, new StringBuilder());
                }

                series.AppendTo(family.Samples, name);
            }
        }
    }

    /// <summary>A value of a histogram; it comes when it is measured, on any thread.</summary>
    private void TakeOne(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_histogramGate)
        {
            foreach (var series in _histograms)
            {
                if (series.Is(instrument, tags))
                {
                    series.Take(value);
                    return;
                }
            }

            if (_histograms.Count < MaximumSeries)
            {
                var added = new HistogramSeries(instrument, tags);
                added.Take(value);
                _histograms.Add(added);
            }
        }
    }

    /// <summary>Under the gate: only a scrape asks for measurements of what is observable.</summary>
    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!instrument.IsObservable)
        {
            TakeOne(instrument, value, tags);
            return;
        }

        var name = MetricText.NameOf(instrument);
        if (!_families.TryGetValue(name, out var family))
        {
            _families[name] = family = (instrument, new StringBuilder());
        }

        MetricText.AppendSample(family.Samples, name, value, tags);
    }
}
