using System.Globalization;

namespace Hearsay.Lab.Sweeps;

/// <summary>An option of a sweep and the values it takes.</summary>
/// <param name="Option">The option.</param>
/// <param name="Values">Its values as text, each accepted by the option and in its one spelling.</param>
internal sealed record SweepAxis(LabOption Option, IReadOnlyList<string> Values)
{
    /// <summary>The most values of one option.</summary>
    public const int MostValues = 100_000;

    /// <summary>Reads "OPTION=a,b,c"; a value may be a range of whole numbers, "1..10" or "0..100..5".</summary>
    /// <exception cref="LabUsageException">Not of that form, no such option, or a value it does not allow.</exception>
    public static SweepAxis Parse(string text, IReadOnlyList<LabOption> options)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new LabUsageException($"--grid must be OPTION=VALUE,VALUE,..., not '{text}'.");
        }

        var name = "--" + text[..equals].TrimStart('-');
        var option = options.FirstOrDefault(candidate => candidate.Name == name)
            ?? throw new LabUsageException(
                $"--grid {text}: there is no option {name}; there are "
                + $"{string.Join(", ", options.Select(known => known.Name))}.");
        return Of(option, text[(equals + 1)..]);
    }

    /// <summary>The values of an option, as a list.</summary>
    public static SweepAxis Of(LabOption option, string list)
    {
        var values = new List<string>();
        foreach (var item in list.Split(','))
        {
            values.AddRange(Expand(option, item.Trim(), MostValues - values.Count));
        }

        return new SweepAxis(option, [.. values.Distinct()]);
    }

    /// <summary>What the option takes as it stands is a value, even if it looks like a range.</summary>
    private static IEnumerable<string> Expand(LabOption option, string item, int room)
    {
        if (room < 1)
        {
            throw new LabUsageException($"{option.Name} has more than {MostValues:N0} values.");
        }

        var bounds = item.Split("..");
        if (option.Accepts(item) || bounds.Length is not (2 or 3))
        {
            return [ResultCsv.Text(option.Parse(item))];
        }

        if (!TryWhole(bounds[0], out var first) || !TryWhole(bounds[1], out var last)
            || (!TryWhole(bounds.Length == 3 ? bounds[2] : "1", out var step)) || step < 1 || last < first)
        {
            throw new LabUsageException(
                $"{option.Name}: a range must be FIRST..LAST or FIRST..LAST..STEP in whole numbers, not '{item}'.");
        }

        var steps = (Int128)(last - (Int128)first) / step;
        return steps < room
            ? Enumerable.Range(0, (int)steps + 1).Select(index => ResultCsv.Text(option.Parse(
                (first + ((Int128)index * step)).ToString(CultureInfo.InvariantCulture))))
            : throw new LabUsageException($"{option.Name} has more than {MostValues:N0} values.");
    }

    private static bool TryWhole(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
