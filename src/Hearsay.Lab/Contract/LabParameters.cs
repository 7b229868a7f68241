namespace Hearsay.Lab;

/// <summary>The values of an experiment's options.</summary>
public sealed class LabParameters
{
    private readonly IReadOnlyList<LabOption> _options;
    private readonly Dictionary<string, object?> _values = [];
    private readonly HashSet<string> _given = [];

    /// <summary>Reads values.</summary>
    /// <param name="options">What the experiment takes.</param>
    /// <param name="texts">What was given, by name with or without dashes.</param>
    /// <exception cref="LabUsageException">An unknown option or a value that is not allowed.</exception>
    public LabParameters(IReadOnlyList<LabOption> options, IReadOnlyDictionary<string, string> texts)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(texts);
        _options = options;
        foreach (var option in options)
        {
            _values[option.Name] = option.Default;
        }

        foreach (var (key, text) in texts)
        {
            var name = "--" + key.TrimStart('-');
            var option = options.FirstOrDefault(candidate => candidate.Name == name)
                ?? throw new LabUsageException(
                    $"Unknown option {name}; there are {string.Join(", ", options.Select(known => known.Name))}.");
            _values[name] = option.Parse(text);
            _given.Add(name);
        }
    }

    /// <summary>Where whole nodes are traced; null for no trace. It is no option, and in no result.</summary>
    public LabTrace? Trace { get; init; }

    /// <summary>The seed.</summary>
    public ulong Seed => (ulong)_values["--seed"]!;

    /// <summary>Whether an option was given and is not only its default.</summary>
    public bool IsGiven(string name) => _given.Contains(name);

    /// <summary>Whether the experiment takes an option.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>A whole number.</summary>
    public int Whole(string name) => (int)_values[name]!;

    /// <summary>A number.</summary>
    public double Number(string name) => (double)_values[name]!;

    /// <summary>A word.</summary>
    public string Choice(string name) => (string)_values[name]!;

    /// <summary>Puts in the value of an option that follows from others, so that the result tells it.</summary>
    public void Settle(string name, object? value) => _values[name] = value;

    /// <summary>All values, for the result.</summary>
    public Row ToRow()
    {
        var row = new Row();
        foreach (var option in _options)
        {
            row.Add(option.Key, _values[option.Name]);
        }

        return row;
    }
}
