using System.Globalization;
using Hearsay.Learning.Data;

namespace Hearsay.Learning;

/// <summary>Reads data from comma-separated text: one header line, then one record per line, all numbers.</summary>
public static class CsvData
{
    private const int MaximumRows = 16_777_216;

    /// <summary>A gibibyte of them.</summary>
    private const int MaximumNumbers = 268_435_456;

    /// <summary>What is shown of a field that is refused.</summary>
    private const int ShownCharacters = 40;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="label">The column with the target; null for the last one.</param>
    /// <param name="isRegression">Whether the target is a number to predict, and not a class.</param>
    /// <param name="classCount">
    /// The number of classes. Null: it is the largest class there is plus one, and one class only is refused. Give it
    /// where a node may have records of some classes only.
    /// </param>
    /// <exception cref="InvalidDataException">The text is not such data; the message names line and column.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static LearningData Load(
        string path, string? label = null, bool isRegression = false, int? classCount = null)
    {
        using var reader = new StreamReader(path);
        return Read(reader, label, isRegression, classCount);
    }

    /// <summary>Reads text.</summary>
    /// <param name="reader">The text. It stays the caller's.</param>
    /// <param name="label">The column with the target; null for the last one.</param>
    /// <param name="isRegression">Whether the target is a number to predict, and not a class.</param>
    /// <param name="classCount">
    /// The number of classes. Null: it is the largest class there is plus one, and one class only is refused. Give it
    /// where a node may have records of some classes only.
    /// </param>
    /// <exception cref="InvalidDataException">
    /// The text is empty or ragged, has no column of that name, has something that is not a finite number, a class that
    /// is not a whole number from 0, or one class only.
    /// </exception>
    public static LearningData Read(
        TextReader reader, string? label = null, bool isRegression = false, int? classCount = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var lines = new CsvLines(reader);
        var header = lines.Read() ?? throw new InvalidDataException("The data is empty: it has no header line.");
        string[] names = [.. header.Split(',').Select(Unquoted)];
        var target = FindTarget(names, label);
        var (features, targets) = (new List<float>(), new List<float>());
        while (lines.Read() is { } text)
        {
            if (text.Length > 0)
            {
                AddRow(text, names, target, lines.Number, features, targets);
            }
        }

        return targets.Count > 0
            ? new LearningData(
                [.. features], [.. targets], isRegression ? 0 : Classes(targets, names[target], classCount))
            : throw new InvalidDataException("The data has a header line and no record.");
    }

    private static int FindTarget(string[] names, string? label)
    {
        var target = label is null ? names.Length - 1 : Array.IndexOf(names, label);
        if (target < 0)
        {
            throw new InvalidDataException(
                $"There is no column '{label}'. The columns are "
                + $"{string.Join(", ", names.Take(100).Select(static name => Shown(name)))}.");
        }

        if (names.Count(name => name == names[target]) > 1)
        {
            // One of them would be a feature that gives the answer away.
            throw new InvalidDataException($"There are several columns '{Shown(names[target])}'. Leave one of them.");
        }

        if (names.Length < 2)
        {
            throw new InvalidDataException(
                "The data has only the column of the target, and no feature. Are the fields separated by commas?");
        }

        if (names.Length > LearningData.MaximumFeatures + 1)
        {
            throw new InvalidDataException(
                $"The data has {names.Length - 1:N0} features, and {LearningData.MaximumFeatures:N0} are allowed.");
        }

        return target;
    }

    private static void AddRow(
        string text, string[] names, int target, int line, List<float> features, List<float> targets)
    {
        var column = 0;
        foreach (var range in text.AsSpan().Split(','))
        {
            if (column >= names.Length)
            {
                break;
            }

            var field = text.AsSpan(range);
            if (!float.TryParse(Bare(field), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                || !(Math.Abs(number) <= Kernels.Weights.Largest))
            {
                throw new InvalidDataException(
                    $"Line {line}, column '{Shown(names[column])}': '{Shown(field)}' is not a finite number below "
                    + "1e12.");
            }

            (column == target ? targets : features).Add(number);
            column++;
        }

        if (column != names.Length || text.AsSpan().Count(',') != names.Length - 1)
        {
            throw new InvalidDataException(
                $"Line {line} has {text.AsSpan().Count(',') + 1} fields, and the header has {names.Length}.");
        }

        if (targets.Count > MaximumRows || features.Count > MaximumNumbers)
        {
            throw new InvalidDataException(
                $"The data has more than {MaximumRows:N0} records or {MaximumNumbers:N0} numbers.");
        }
    }

    private static int Classes(List<float> targets, string name, int? known)
    {
        var classes = 0;
        foreach (var target in targets)
        {
            if (target % 1 != 0 || target < 0 || target >= (known ?? LearningData.MaximumClasses))
            {
                throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Column '{Shown(name)}': {target} is not a class, a whole number from 0 to "
                    + $"{(known ?? LearningData.MaximumClasses) - 1}."));
            }

            classes = Math.Max(classes, (int)target + 1);
        }

        if (known is { } count)
        {
            return count;
        }

        return targets.TrueForAll(target => target == targets[0])
            ? throw new InvalidDataException(
                $"Column '{Shown(name)}' has one class only: there is nothing to tell apart.")
            : Math.Max(classes, 2);
    }

    private static string Unquoted(string name) => name.Trim().Trim('"');

    /// <summary>A number as a spreadsheet may write it: between quotes.</summary>
    private static ReadOnlySpan<char> Bare(ReadOnlySpan<char> field) =>
        field.Trim() is ['"', .. var inside, '"'] ? inside : field;

    /// <summary>Text of the file as a terminal may show it: not long, and no control characters.</summary>
    private static string Shown(ReadOnlySpan<char> text)
    {
        var shown = text.Length > ShownCharacters ? $"{text[..ShownCharacters]}..." : text.ToString();
        return string.Concat(shown.Select(static c => char.IsControl(c) ? '?' : c));
    }
}
