using Hearsay.Features.Aggregates;
using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay;

/// <summary>
/// All aggregates of one name. Each method makes this node take part in one of them, with a value or as a relay.
/// <see cref="TryRead"/> reads an aggregate without taking part in it.
/// </summary>
/// <remarks>
/// A node that passes no value takes part as a relay. The values come from callbacks. A callback is called once per
/// epoch, and with flow updating once per cycle. It runs on a thread that is reserved for such callbacks, and not on
/// the event loop or the thread pool, so it may block. It is never called again while it still runs. If it throws, or
/// runs for longer than a quarter of an epoch, this node gives no value in that epoch, and a counter records it. Safe
/// on any thread.
/// </remarks>
/// <example>
/// <code>
/// using var load = node.GetAggregate("cpu").Average(() => CurrentLoad());
/// await foreach (var estimate in load.WatchAsync())
/// {
///     Console.WriteLine($"{estimate.Value} ± {estimate.Error}");
/// }
/// </code>
/// </example>
public sealed class NamedAggregate
{
    /// <summary>
    /// The maximum number of values that a node contributes per epoch to quantiles, a histogram or a sample: 10,000.
    /// </summary>
    public const int MaximumValues = AggregateValues.MaximumValues;

    /// <summary>
    /// The maximum number of items that a node may give per epoch to a distinct count or a sample of named items:
    /// 131,072.
    /// </summary>
    public const int MaximumItems = AggregateValues.MaximumItems;

    private static readonly AggregateInput? s_yes = new AggregateInput(1);

    private readonly AggregateService _service;

    internal NamedAggregate(AggregateService service, string name) => (_service, Name) = (service, name);

    /// <summary>The name of the aggregates.</summary>
    public string Name { get; }

    /// <summary>Takes part in the mean of the values.</summary>
    /// <param name="value">Returns this node's value; null if it has none.</param>
    /// <param name="settings">Bounds and other settings; null for the defaults.</param>
    /// <returns>This node's part in the aggregate. Dispose it when the node no longer needs it.</returns>
    /// <exception cref="ArgumentException">The name or the settings are not valid.</exception>
    /// <exception cref="InvalidOperationException">
    /// The node takes part in this aggregate already, or in too many aggregates.
    /// </exception>
    /// <exception cref="HearsayException">Too many commands wait for the node. Transient.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public Aggregate Average(Func<double>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.Average, value, settings);

    /// <summary>Takes part in the sum of the values. Parameters and exceptions as for <see cref="Average"/>.</summary>
    public Aggregate Sum(Func<double>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.Sum, value, settings);

    /// <summary>
    /// Takes part in a count of the nodes for which a condition holds. Exceptions as for <see cref="Average"/>.
    /// </summary>
    /// <param name="counts">Returns whether this node counts; null if it never does.</param>
    /// <param name="settings">Bounds and other settings; null for the defaults.</param>
    public Aggregate Count(Func<bool>? counts = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.Count, counts is null ? null : () => counts() ? s_yes : null, settings);

    /// <summary>
    /// Takes part in the minimum of the values. Parameters and exceptions as for <see cref="Average"/>.
    /// </summary>
    public Aggregate Min(Func<double>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.Min, value, settings);

    /// <summary>
    /// Takes part in the maximum of the values. Parameters and exceptions as for <see cref="Average"/>.
    /// </summary>
    public Aggregate Max(Func<double>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.Max, value, settings);

    /// <summary>
    /// Takes part in the variance of the values. Parameters and exceptions as for <see cref="Average"/>.
    /// </summary>
    public Aggregate Variance(Func<double>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.Variance, value, settings);

    /// <summary>Takes part in the weighted mean of the values. Exceptions as for <see cref="Average"/>.</summary>
    /// <param name="value">Returns this node's value and its weight; null if it has none.</param>
    /// <param name="settings">Bounds and other settings; null for the defaults.</param>
    public Aggregate WeightedAverage(
        Func<(double Value, double Weight)>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.WeightedAverage, value is null ? null : () => Weighted(value()), settings);

    /// <summary>
    /// Takes part in the quantiles of all values. At the end of an epoch, <see cref="AggregateEstimate.Distribution"/>
    /// has the quantiles; the estimate's value is the median. Exceptions as for <see cref="Average"/>.
    /// </summary>
    /// <param name="value">Returns this node's value; null if it has none.</param>
    /// <param name="settings">
    /// Precision and bounds; null for a precision of 1 % and no bounds. A <see cref="AggregateSettings.Minimum"/> of
    /// zero or more doubles the range.
    /// </param>
    public Aggregate Quantiles(Func<double>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.Quantiles, value, settings);

    /// <summary>
    /// Takes part in the quantiles of all values, with many values of this node, such as requests, files or devices.
    /// Exceptions as for <see cref="Average"/>.
    /// </summary>
    /// <param name="values">
    /// Returns this node's values. The node reads at most the first <see cref="MaximumValues"/>. If there are none, it
    /// gives nothing in that epoch. Every value counts the same, whichever node holds it.
    /// </param>
    /// <param name="settings">Precision and bounds; null for a precision of 1 % and no bounds.</param>
    public Aggregate Quantiles(Func<IEnumerable<double>> values, AggregateSettings? settings = null) =>
        Define(AggregateKind.Quantiles, () => AggregateValues.OfNumbers(values()), settings);

    /// <summary>
    /// Takes part in one quantile, computed by rank with tournaments, whatever the distribution of the values. It takes
    /// about 60 small messages per node in an epoch of its own, which has
    /// <see cref="AggregationOptions.TournamentCycles"/> cycles. Its accuracy is an accuracy of rank, not of value. The
    /// estimate's <see cref="AggregateEstimate.Error"/> is half the distance between the quartiles of the last values
    /// pulled.
    /// </summary>
    /// <param name="quantile">The quantile, from 0 to 1; 0.5 is the median.</param>
    /// <param name="epsilon">
    /// The error of the rank, from 0.005 to 0.25. In small networks, chance adds about half of 1/√N at the median.
    /// </param>
    /// <param name="value">Returns this node's value; null if it has none.</param>
    /// <param name="settings">Bounds; null for none.</param>
    /// <exception cref="ArgumentException">The name, the quantile, the error or the settings are not valid.</exception>
    /// <exception cref="InvalidOperationException">
    /// The node takes part in this aggregate already, or in too many aggregates.
    /// </exception>
    /// <exception cref="HearsayException">Too many commands wait for the node. Transient.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public Aggregate Quantile(
        double quantile, double epsilon = 0.01, Func<double>? value = null, AggregateSettings? settings = null)
    {
        var definition = (settings ?? new AggregateSettings()).ToDefinition(Name, AggregateKind.Quantile) with
        {
            Quantile = quantile, Precision = epsilon, Method = AggregateMethod.Tournament,
        };
        return new(_service, _service.Define(definition, value is null ? null : () => new AggregateInput(value())));
    }

    /// <summary>
    /// Takes part in a histogram with bins of equal width. At the end of an epoch,
    /// <see cref="AggregateEstimate.Distribution"/> has the histogram. A value outside the bounds counts in the
    /// outermost bin. Exceptions as for <see cref="Average"/>.
    /// </summary>
    /// <param name="minimum">The lower end of the first bin, in the unit of the values.</param>
    /// <param name="maximum">The upper end of the last bin, in the unit of the values.</param>
    /// <param name="value">Returns this node's value; null if it has none.</param>
    /// <param name="bins">The number of bins, from 2 to 1,024.</param>
    public Aggregate Histogram(double minimum, double maximum, Func<double>? value = null, int bins = 32) =>
        Define(AggregateKind.Histogram, value, Bins(minimum, maximum, bins));

    /// <summary>
    /// Takes part in a histogram with bins of equal width, with many values of this node. Exceptions as for
    /// <see cref="Average"/>.
    /// </summary>
    /// <param name="minimum">The lower end of the first bin, in the unit of the values.</param>
    /// <param name="maximum">The upper end of the last bin, in the unit of the values.</param>
    /// <param name="values">
    /// Returns this node's values. The node reads at most the first <see cref="MaximumValues"/>.
    /// </param>
    /// <param name="bins">The number of bins, from 2 to 1,024.</param>
    public Aggregate Histogram(double minimum, double maximum, Func<IEnumerable<double>> values, int bins = 32) =>
        Define(AggregateKind.Histogram, () => AggregateValues.OfNumbers(values()), Bins(minimum, maximum, bins));

    /// <summary>
    /// Takes part in a count of the different items that all nodes hold. An item that several nodes hold counts once.
    /// Exceptions as for <see cref="Average"/>.
    /// </summary>
    /// <param name="items">
    /// Returns this node's items, at most <see cref="MaximumItems"/>; null if it has none. If there are more, the node
    /// gives nothing in that epoch, and a counter records it.
    /// </param>
    /// <param name="settings">Precision; null for 10 bits, which is an error of 3.3 %.</param>
    public Aggregate DistinctCount(Func<IEnumerable<string>>? items = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.DistinctCount, items is null ? null : () => AggregateValues.OfItems(items()), settings);

    /// <summary>
    /// Takes part in the sum of values of 0 or more, computed by extrema propagation. Lost messages do not shift this
    /// sum, and it needs no network size. The price is the error of the method. Exceptions as for
    /// <see cref="Average"/>.
    /// </summary>
    /// <param name="value">
    /// Returns this node's value; null if it has none. A value below 0 is refused and counted.
    /// </param>
    /// <param name="settings">Precision and bounds; null for 192 minima, which is an error of 7.3 %.</param>
    public Aggregate ExtremaSum(Func<double>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.ExtremaSum, value, settings);

    /// <summary>
    /// Takes part in a count of the nodes for which a condition holds, computed by extrema propagation like
    /// <see cref="ExtremaSum"/>. Exceptions as for <see cref="Average"/>.
    /// </summary>
    /// <param name="counts">Returns whether this node counts; null if it never does.</param>
    /// <param name="settings">Precision; null for 192 minima, which is an error of 7.3 %.</param>
    public Aggregate ExtremaCount(Func<bool>? counts = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.ExtremaCount, counts is null ? null : () => counts() ? 1 : 0, settings);

    /// <summary>
    /// Takes part in a uniform sample of all nodes' values. At the end of an epoch,
    /// <see cref="AggregateEstimate.Sample"/> has the sample; the estimate's value is the number of nodes that gave a
    /// value. Every epoch draws a new sample. Exceptions as for <see cref="Average"/>.
    /// </summary>
    /// <param name="value">Returns this node's value; null if it has none.</param>
    /// <param name="settings">Precision and bounds; null for 256 items and no bounds.</param>
    public Aggregate Sample(Func<double>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.Sample, value, settings);

    /// <summary>
    /// Takes part in a uniform sample of all values, with many values of this node. Every value has the same chance.
    /// Exceptions as for <see cref="Average"/>.
    /// </summary>
    /// <param name="values">
    /// Returns this node's values. The node reads at most the first <see cref="MaximumValues"/>.
    /// </param>
    /// <param name="settings">Precision and bounds; null for 256 items and no bounds.</param>
    public Aggregate Sample(Func<IEnumerable<double>> values, AggregateSettings? settings = null) =>
        Define(AggregateKind.Sample, () => AggregateValues.OfNumbers(values()), settings);

    /// <summary>
    /// Takes part in a uniform sample of named items. An item that several nodes hold has one chance. The estimate's
    /// value is the number of different items. Exceptions as for <see cref="Average"/>.
    /// </summary>
    /// <param name="items">
    /// Returns this node's items, at most <see cref="MaximumItems"/>, each with a value. If one item has two values,
    /// the smaller counts.
    /// </param>
    /// <param name="settings">Precision and bounds; null for 256 items and no bounds.</param>
    public Aggregate Sample(
        Func<IEnumerable<KeyValuePair<string, double>>> items, AggregateSettings? settings = null) =>
        Define(AggregateKind.Sample, () => AggregateValues.OfValuedItems(items()), settings);

    /// <summary>Takes part in the estimate of the number of nodes. Exceptions as for <see cref="Average"/>.</summary>
    public Aggregate NetworkSize() => Define(AggregateKind.NetworkSize, (Func<AggregateInput?>?)null, null);

    /// <summary>
    /// All aggregates of this name that the node knows: its own, and those that it has heard of from other nodes.
    /// </summary>
    public IReadOnlyList<AggregateDefinition> Definitions =>
        [.. _service.Named(Name).Select(static feed => feed.Definition)];

    /// <summary>Reads the current estimate, whichever node defined the aggregate.</summary>
    /// <param name="estimate">The estimate, or the default value if there is none.</param>
    /// <returns>False if this node knows no aggregate of this name.</returns>
    /// <exception cref="InvalidOperationException">
    /// There are several aggregates of this name. The message lists them.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public bool TryRead(out AggregateEstimate estimate)
    {
        _service.ThrowIfCompleted();
        var found = _service.Named(Name);
        if (found.Count > 1)
        {
            throw new InvalidOperationException(
                $"There are {found.Count} aggregates named '{Name}': "
                + $"{string.Join("; ", found.Select(static feed => feed.Definition))}. Take part in the one you mean.");
        }

        estimate = found.Count == 1 ? Best(found[0]) : default;
        return found.Count == 1;
    }

    /// <summary>
    /// Takes part in an aggregate of any kind for which a node gives one number or none. Exceptions as for
    /// <see cref="Average"/>.
    /// </summary>
    /// <param name="kind">The kind of aggregate.</param>
    /// <param name="value">This node's value, which stays the same; null if it has none.</param>
    /// <param name="settings">Bounds and other settings; null for the defaults.</param>
    public Aggregate Define(AggregateKind kind, double? value, AggregateSettings? settings = null) =>
        Define(kind, value is { } number ? () => number : (Func<double>?)null, settings);

    /// <summary>Takes part with whatever a source gives when it is asked; nothing where it returns null.</summary>
    internal Aggregate Define(AggregateDefinition definition, Func<AggregateInput?>? source) =>
        new(_service, _service.Define(definition, source));

    /// <summary>Of a distribution or a sample only the last whole epoch has all there is to read.</summary>
    private static AggregateEstimate Best(AggregateFeed feed) =>
        feed.Final is { Distribution: null, Sample: null } && feed.Latest.IsReady ? feed.Latest : feed.Final;

    private static AggregateSettings Bins(double minimum, double maximum, int bins) =>
        new() { Minimum = minimum, Maximum = maximum, Precision = bins };

    private static AggregateInput Weighted((double Value, double Weight) value) => new(value.Value, value.Weight);

    private Aggregate Define(AggregateKind kind, Func<double>? value, AggregateSettings? settings) =>
        Define(kind, value is null ? null : () => new AggregateInput(value()), settings);

    private Aggregate Define(AggregateKind kind, Func<AggregateInput?>? value, AggregateSettings? settings) =>
        new(_service, _service.Define((settings ?? new AggregateSettings()).ToDefinition(Name, kind), value));
}
