using Hearsay.Features.Aggregates;
using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay;

/// <summary>
/// A name under which nodes aggregate: say what and with which value to take part, or read what others defined.
/// </summary>
/// <remarks>
/// A callback for the value is called once an epoch (of flow updating once a cycle), on a thread that is kept for such
/// callbacks: never on the event loop's and never on one of the thread pool's, so it may block. It is not called again
/// while it runs. If it throws, or runs for longer than a quarter of an epoch, this node gives no value in that epoch
/// and a counter tells. A node without a callback takes part as a relay.
/// </remarks>
/// <example>
/// <code>
/// using var load = node.Aggregate("cpu").Average(() => CurrentLoad());
/// await foreach (var estimate in load.WatchAsync())
/// {
///     Console.WriteLine($"{estimate.Value} ± {estimate.Error}");
/// }
/// </code>
/// </example>
public sealed class NamedAggregate
{
    /// <summary>The most values of one node that count in an epoch of quantiles or a histogram.</summary>
    public const int MaximumValues = AggregateValues.MaximumValues;

    /// <summary>The most items that a node may give in an epoch of a distinct count.</summary>
    public const int MaximumItems = AggregateValues.MaximumItems;

    private static readonly AggregateInput? s_yes = new AggregateInput(1);

    private readonly AggregateService _service;

    internal NamedAggregate(AggregateService service, string name) => (_service, Name) = (service, name);

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The mean of the values.</summary>
    /// <param name="value">This node's value; null if it has none.</param>
    /// <param name="settings">Bounds and the like; null for none.</param>
    /// <exception cref="ArgumentException">Name or settings are not valid.</exception>
    /// <exception cref="InvalidOperationException">The node takes part already, or in too many aggregates.</exception>
    public Aggregate Average(Func<double>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.Average, value, settings);

    /// <summary>The sum of the values. Exceptions and parameters as <see cref="Average"/>.</summary>
    public Aggregate Sum(Func<double>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.Sum, value, settings);

    /// <summary>
    /// How many nodes say yes. Exceptions and parameters as <see cref="Average"/>.
    /// </summary>
    /// <param name="counts">Whether this node counts; null if it does not.</param>
    /// <param name="settings">Bounds and the like; null for none.</param>
    public Aggregate Count(Func<bool>? counts = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.Count, counts is null ? null : () => counts() ? s_yes : null, settings);

    /// <summary>The smallest value. Exceptions and parameters as <see cref="Average"/>.</summary>
    public Aggregate Min(Func<double>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.Min, value, settings);

    /// <summary>The largest value. Exceptions and parameters as <see cref="Average"/>.</summary>
    public Aggregate Max(Func<double>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.Max, value, settings);

    /// <summary>The variance of the values. Exceptions and parameters as <see cref="Average"/>.</summary>
    public Aggregate Variance(Func<double>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.Variance, value, settings);

    /// <summary>The mean of the values, each with a weight. Exceptions as <see cref="Average"/>.</summary>
    /// <param name="value">This node's value and weight; null if it has none.</param>
    /// <param name="settings">Bounds and the like; null for none.</param>
    public Aggregate WeightedAverage(
        Func<(double Value, double Weight)>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.WeightedAverage, value is null ? null : () => Weighted(value()), settings);

    /// <summary>
    /// Quantiles of all values of all nodes, read from <see cref="AggregateEstimate.Distribution"/> at the end of an
    /// epoch; the estimate's value is the median. Exceptions as <see cref="Average"/>.
    /// </summary>
    /// <param name="value">This node's value; null if it has none.</param>
    /// <param name="settings">
    /// Precision and bounds; null for 1 % and none. A <see cref="AggregateSettings.Minimum"/> of zero or more doubles
    /// the range.
    /// </param>
    public Aggregate Quantiles(Func<double>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.Quantiles, value, settings);

    /// <summary>As the other, of nodes that hold many values each: requests, files, devices.</summary>
    /// <param name="values">
    /// This node's values, read to the end or to the first <see cref="MaximumValues"/>; with none of them the node
    /// gives nothing in that epoch. Every value counts the same, whichever node holds it.
    /// </param>
    /// <param name="settings">Precision and bounds; null for 1 % and none.</param>
    public Aggregate Quantiles(Func<IEnumerable<double>> values, AggregateSettings? settings = null) =>
        Define(AggregateKind.Quantiles, () => AggregateValues.OfNumbers(values()), settings);

    /// <summary>
    /// One quantile by its rank, whatever the values' distribution, by tournament: about 60 small messages a node in an
    /// epoch of its own, <see cref="AggregationOptions.TournamentCycles"/> long. Its error is that of the rank; the
    /// estimate's <see cref="AggregateEstimate.Error"/> is half the distance between the quartiles of the last values
    /// pulled.
    /// </summary>
    /// <param name="quantile">Which: 0.5 is the median. From 0 to 1.</param>
    /// <param name="epsilon">
    /// The error of the rank, from 0.005 to 0.25; in small networks chance adds about half of 1/√N at the median.
    /// </param>
    /// <param name="value">This node's value; null if it has none.</param>
    /// <param name="settings">Bounds; null for none.</param>
    /// <exception cref="ArgumentException">Name, quantile, error or settings are not valid.</exception>
    /// <exception cref="InvalidOperationException">The node takes part already, or in too many aggregates.</exception>
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
    /// How all values are spread over bins of equal width, read from <see cref="AggregateEstimate.Distribution"/> at
    /// the end of an epoch. What is out of bounds counts in the outermost bin. Exceptions as <see cref="Average"/>.
    /// </summary>
    /// <param name="minimum">Where the first bin begins, in the unit of the values.</param>
    /// <param name="maximum">Where the last bin ends.</param>
    /// <param name="value">This node's value; null if it has none.</param>
    /// <param name="bins">How many; from 2 to 1,024.</param>
    public Aggregate Histogram(double minimum, double maximum, Func<double>? value = null, int bins = 32) =>
        Define(AggregateKind.Histogram, value, Bins(minimum, maximum, bins));

    /// <summary>As the other, of nodes that hold many values each.</summary>
    /// <param name="minimum">Where the first bin begins, in the unit of the values.</param>
    /// <param name="maximum">Where the last bin ends.</param>
    /// <param name="values">This node's values; the first <see cref="MaximumValues"/> count.</param>
    /// <param name="bins">How many; from 2 to 1,024.</param>
    public Aggregate Histogram(double minimum, double maximum, Func<IEnumerable<double>> values, int bins = 32) =>
        Define(AggregateKind.Histogram, () => AggregateValues.OfNumbers(values()), Bins(minimum, maximum, bins));

    /// <summary>
    /// How many different items all nodes together hold; an item on several nodes counts once. Exceptions as
    /// <see cref="Average"/>.
    /// </summary>
    /// <param name="items">
    /// This node's items, of which at most <see cref="MaximumItems"/> may come; with more the node gives nothing in
    /// that epoch and a counter tells. Null if it has none.
    /// </param>
    /// <param name="settings">Precision; null for 10 bits, an error of 3.3 %.</param>
    public Aggregate DistinctCount(Func<IEnumerable<string>>? items = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.DistinctCount, items is null ? null : () => AggregateValues.OfItems(items()), settings);

    /// <summary>
    /// The sum of values that are not below zero, by extrema propagation: lost messages do not shift it and it needs no
    /// network size, but it has the method's error. Exceptions and parameters as <see cref="Average"/>.
    /// </summary>
    /// <param name="value">This node's value; null if it has none. Below zero, it is refused and counted.</param>
    /// <param name="settings">Precision and bounds; null for 192 minima, an error of 7.3 %.</param>
    public Aggregate ExtremaSum(Func<double>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.ExtremaSum, value, settings);

    /// <summary>
    /// How many nodes say yes, by extrema propagation as <see cref="ExtremaSum"/>. Exceptions as <see cref="Average"/>.
    /// </summary>
    /// <param name="counts">Whether this node counts; null if it does not.</param>
    /// <param name="settings">Precision; null for 192 minima, an error of 7.3 %.</param>
    public Aggregate ExtremaCount(Func<bool>? counts = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.ExtremaCount, counts is null ? null : () => counts() ? 1 : 0, settings);

    /// <summary>
    /// A uniform sample of all nodes' values, read from <see cref="AggregateEstimate.Sample"/> at the end of an epoch;
    /// the estimate's value is the number of nodes that gave one. Each epoch has another sample. Exceptions as
    /// <see cref="Average"/>.
    /// </summary>
    /// <param name="value">This node's value; null if it has none.</param>
    /// <param name="settings">Precision and bounds; null for 256 items and none.</param>
    public Aggregate Sample(Func<double>? value = null, AggregateSettings? settings = null) =>
        Define(AggregateKind.Sample, value, settings);

    /// <summary>As the other, of nodes that hold many values each; every value has the same chance.</summary>
    /// <param name="values">This node's values; the first <see cref="MaximumValues"/> count.</param>
    /// <param name="settings">Precision and bounds; null for 256 items and none.</param>
    public Aggregate Sample(Func<IEnumerable<double>> values, AggregateSettings? settings = null) =>
        Define(AggregateKind.Sample, () => AggregateValues.OfNumbers(values()), settings);

    /// <summary>
    /// As the other, of items with names: an item on several nodes has one chance, and the estimate's value is the
    /// number of different items.
    /// </summary>
    /// <param name="items">
    /// This node's items, at most <see cref="MaximumItems"/>, each with a value. Of two values of one item the smaller
    /// counts.
    /// </param>
    /// <param name="settings">Precision and bounds; null for 256 items and none.</param>
    public Aggregate Sample(
        Func<IEnumerable<KeyValuePair<string, double>>> items, AggregateSettings? settings = null) =>
        Define(AggregateKind.Sample, () => AggregateValues.OfValuedItems(items()), settings);

    /// <summary>How many nodes there are.</summary>
    public Aggregate NetworkSize() => Define(AggregateKind.NetworkSize, (Func<AggregateInput?>?)null, null);

    /// <summary>
    /// All aggregates of this name that this node knows of: its own, and what it heard of from others.
    /// </summary>
    public IReadOnlyList<AggregateDefinition> Definitions =>
        [.. _service.Named(Name).Select(static feed => feed.Definition)];

    /// <summary>The estimate at this moment, whoever defined the aggregate.</summary>
    /// <returns>False if nobody has, as far as this node has heard.</returns>
    /// <exception cref="InvalidOperationException">
    /// There are several of this name; the message lists them.
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
    /// Any kind of which a node gives one number, or none. Exceptions as <see cref="Average"/>.
    /// </summary>
    /// <param name="kind">What is computed.</param>
    /// <param name="value">This node's value; null if it has none.</param>
    /// <param name="settings">Bounds and the like; null for none.</param>
    public Aggregate Define(AggregateKind kind, double? value, AggregateSettings? settings = null) =>
        Define(kind, value is { } number ? () => number : (Func<double>?)null, settings);

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
