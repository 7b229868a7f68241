using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.States;
using Hearsay.Protocols.Core;
using Hearsay.Settings;

namespace Hearsay.Features.Aggregates;

/// <summary>
/// Turns what an application hands over into the input of one epoch; runs off the event loop, with the callback.
/// </summary>
internal static class AggregateValues
{
    public const int MaximumValues = VectorState.MaximumValues;

    /// <summary>Adding them to a sketch takes the loop some milliseconds.</summary>
    public const int MaximumItems = 1 << 17;

    /// <summary>An item of more bytes than this is hashed from the heap.</summary>
    private const int StackBytes = 512;

    /// <summary>Fixed, so that an item has one hash on all nodes; each aggregate hashes that again with its own key.
    /// </summary>
    private static readonly KeyedHash s_hash = new(0x4865617273617921, 0x6974656D73);

    /// <summary>Values of a distribution; null if there are none.</summary>
    public static AggregateInput? OfNumbers(IEnumerable<double> values)
    {
        var kept = values.Take(MaximumValues).ToArray();
        return kept.Length == 0 ? null : new AggregateInput(double.NaN, Values: kept);
    }

    /// <summary>Hashes of items; null if there are none.</summary>
    /// <exception cref="InvalidOperationException">There are too many.</exception>
    public static AggregateInput? OfItems(IEnumerable<string> items)
    {
        var hashes = new List<ulong>();
        foreach (var item in items)
        {
            ThrowIfFull(hashes.Count);
            hashes.Add(HashOf(item));
        }

        return hashes.Count == 0 ? null : new AggregateInput(0, Items: hashes.ToArray());
    }

    /// <summary>Hashes of items with a value each; null if there are none.</summary>
    /// <exception cref="InvalidOperationException">There are too many.</exception>
    public static AggregateInput? OfValuedItems(IEnumerable<KeyValuePair<string, double>> items)
    {
        var (hashes, values) = (new List<ulong>(), new List<double>());
        foreach (var (item, value) in items)
        {
            ThrowIfFull(hashes.Count);
            hashes.Add(HashOf(item));
            values.Add(value);
        }

        return hashes.Count == 0 ? null
            : new AggregateInput(double.NaN, Values: values.ToArray(), Items: hashes.ToArray());
    }

    private static void ThrowIfFull(int items)
    {
        if (items == MaximumItems)
        {
            throw new InvalidOperationException($"A node gives at most {MaximumItems} items in an epoch.");
        }
    }

    private static ulong HashOf(string item)
    {
        Span<byte> bytes = stackalloc byte[StackBytes];
        return StrictUtf8.Encoding.TryGetBytes(item, bytes, out var written)
            ? s_hash.Of(bytes[..written])
            : s_hash.Of(StrictUtf8.Encoding.GetBytes(item));
    }
}
