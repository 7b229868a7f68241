using System.Collections;

namespace Hearsay.Lab;

/// <summary>Named values in the order in which they were added: a row of results or the summary of a run.</summary>
/// <remarks>Values are numbers, text, truth values or null; shares are from 0 to 1.</remarks>
public sealed class Row : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly List<KeyValuePair<string, object?>> _values = [];

    /// <summary>The value of a name, or null.</summary>
    public object? this[string name] => _values.Find(value => value.Key == name).Value;

    /// <summary>The names, in order.</summary>
    public IEnumerable<string> Names => _values.Select(value => value.Key);

    /// <summary>Adds a value.</summary>
    public void Add(string name, object? value) => _values.Add(new(name, value));

    /// <summary>A value as a number.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public double Number(string name) => this[name] is { } value
        ? Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)
        : throw new KeyNotFoundException($"The row has no number '{name}'.");

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
