using System.Globalization;
using System.Runtime.CompilerServices;

namespace Hearsay.Simulation.Checks;

/// <summary>
/// The text of a breach, put together only where a rule is broken: rules are checked at every event, and writing texts
/// that nobody reads took longer than the checks.
/// </summary>
[InterpolatedStringHandler]
internal ref struct BreachText
{
    private DefaultInterpolatedStringHandler _text;
    private readonly bool _isWanted;

    /// <summary>Begins a text, or tells the compiler that none is wanted.</summary>
    /// <param name="literalLength">Characters of the constant parts.</param>
    /// <param name="formattedCount">Values in between.</param>
    /// <param name="holds">Whether the rule holds.</param>
    /// <param name="isWanted">Whether values are to be formatted.</param>
    public BreachText(int literalLength, int formattedCount, bool holds, out bool isWanted)
    {
        _isWanted = isWanted = !holds;
        _text = holds ? default : new(literalLength, formattedCount, CultureInfo.InvariantCulture);
    }

    /// <summary>Appends a constant part.</summary>
    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    /// <summary>Appends a value.</summary>
    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    /// <summary>The text; empty where none was wanted.</summary>
    public string ToStringAndClear() => _isWanted ? _text.ToStringAndClear() : "";
}
