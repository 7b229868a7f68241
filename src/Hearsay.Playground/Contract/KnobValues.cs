using System.Globalization;

namespace Hearsay.Playground.Contract;

/// <summary>The values of a scene's knobs for one side of a run.</summary>
internal sealed class KnobValues
{
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    /// <summary>All at their defaults.</summary>
    public KnobValues(IReadOnlyList<Knob> knobs)
    {
        foreach (var knob in knobs)
        {
            _values[knob.Name] = knob.Default;
        }
    }

    /// <summary>A copy, to be changed.</summary>
    public KnobValues(KnobValues other)
    {
        foreach (var (name, value) in other._values)
        {
            _values[name] = value;
        }
    }

    /// <summary>The value of a knob of the scene.</summary>
    public double this[string name] => _values[name];

    /// <summary>The value as a whole number.</summary>
    public int Whole(string name) => (int)Math.Round(_values[name]);

    /// <summary>The value as a time; the knob is in milliseconds.</summary>
    public TimeSpan Milliseconds(string name) => TimeSpan.FromMilliseconds(_values[name]);

    /// <summary>Sets a knob to what a link says.</summary>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public string? Set(Knob knob, string text)
    {
        if (knob.Choices.Count > 0)
        {
            for (var i = 0; i < knob.Choices.Count; i++)
            {
                if (knob.Choices[i].Equals(text, StringComparison.OrdinalIgnoreCase))
                {
                    _values[knob.Name] = i;
                    return null;
                }
            }

            return $"{knob.Name} is one of {string.Join(", ", knob.Choices)}, not '{text}'.";
        }

        const NumberStyles plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (!double.TryParse(text, plain, CultureInfo.InvariantCulture, out var value)
            || !(value >= knob.Minimum && value <= knob.Maximum))
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"{knob.Name} is a number from {knob.Minimum} to {knob.Maximum}, not '{text}'.");
        }

        _values[knob.Name] = value;
        return null;
    }

    /// <summary>The value as a link says it.</summary>
    public string Text(Knob knob) => knob.Choices.Count > 0
        ? knob.Choices[Whole(knob.Name)]
        : _values[knob.Name].ToString("0.######", CultureInfo.InvariantCulture);
}
