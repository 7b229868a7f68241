using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hearsay.Cli.Tests.Learn;

/// <summary>
/// Finds a number in the object that a command prints: <c>summary.residue * 100</c>,
/// <c>results[k=2,loss=0].residue / results[first].residue</c>, <c>max(results[mode=flood].cost)</c>. A list is
/// followed by what its member must have. A value is that of one member, or the <c>max</c>, <c>min</c>, <c>mean</c> or
/// <c>count</c> of many.
/// </summary>
internal sealed partial class PrintedValue
{
    private readonly JsonElement _root;
    private readonly List<string> _words;
    private int _place;

    private PrintedValue(JsonElement root, string expression)
    {
        _root = root;
        _words = [.. Parts().Matches(expression).Select(static match => match.Value.Trim())];
        Require(string.Concat(_words).Replace(" ", "", StringComparison.Ordinal)
            == expression.Replace(" ", "", StringComparison.Ordinal), $"'{expression}' is no expression");
    }

    /// <summary>The value of an expression.</summary>
    /// <exception cref="FormatException">There is no such value, or more than one.</exception>
    public static double Of(JsonElement root, string expression)
    {
        var reader = new PrintedValue(root, expression);
        var value = reader.Sum();
        Require(reader._place == reader._words.Count, $"'{expression}' goes on where it should end");
        return value;
    }

    private double Sum()
    {
        var value = Product();
        while (Next("+", "-") is { } sign)
        {
            value += sign == "+" ? Product() : -Product();
        }

        return value;
    }

    private double Product()
    {
        var value = Factor();
        while (Next("*", "/") is { } sign)
        {
            var factor = Factor();
            value = sign == "*" ? value * factor : value / factor;
        }

        return value;
    }

    private double Factor()
    {
        Require(_place < _words.Count, "an expression ends early");
        var word = _words[_place++];
        if (word == "(")
        {
            var inner = Sum();
            Require(Next(")") is not null, "a parenthesis stays open");
            return inner;
        }

        if (double.TryParse(word, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        if (word is "max" or "min" or "mean" or "count")
        {
            Require(Next("(") is not null, $"{word} wants a parenthesis");
            var values = Values(_words[_place++]);
            Require(Next(")") is not null, "a parenthesis stays open");
            Require(word == "count" || values.Count > 0, $"nothing has a {word}");
            return word switch
            {
                "max" => values.Max(NumberOf), "min" => values.Min(NumberOf), "mean" => values.Average(NumberOf),
                _ => values.Count,
            };
        }

        var found = Values(word);
        Require(found.Count == 1, $"'{word}' are {found.Count} values");
        return NumberOf(found[0]);
    }

    private string? Next(params string[] words) =>
        _place < _words.Count && words.Contains(_words[_place]) ? _words[_place++] : null;

    private List<JsonElement> Values(string path)
    {
        List<JsonElement> found = [_root];
        foreach (Match step in Steps().Matches(path))
        {
            var (name, list) = (step.Groups["name"], step.Groups["list"]);
            found = name.Success
                ? [.. found.Where(one => one.ValueKind == JsonValueKind.Object && one.TryGetProperty(name.Value, out _))
                    .Select(one => one.GetProperty(name.Value))]
                : [.. found.SelectMany(one => Members([.. one.EnumerateArray()], list.Value))];
        }

        return found;
    }

    private static IEnumerable<JsonElement> Members(List<JsonElement> list, string wanted) => wanted switch
    {
        "first" => list.Take(1),
        "last" => list.TakeLast(1),
        "" => list,
        _ when int.TryParse(wanted, out var place) => list.Skip(place).Take(1),
        _ => list.Where(one => wanted.Split(',').All(condition => IsSo(one, condition.Split('=', 2)))),
    };

    private static bool IsSo(JsonElement member, string[] condition) =>
        member.TryGetProperty(condition[0], out var value)
        && (value.ToString() == condition[1] || (value.ValueKind == JsonValueKind.Number
            && double.TryParse(condition[1], CultureInfo.InvariantCulture, out var number)
            && value.GetDouble() == number));

    private static double NumberOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => throw new FormatException($"'{value}' is no number"),
    };

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new FormatException(message);
        }
    }

    [GeneratedRegex(@"[A-Za-z]\w*(\.\w+|\[[^\]]*\])*|[0-9.]+(e-?[0-9]+)?|[-+*/()]")]
    private static partial Regex Parts();

    [GeneratedRegex(@"(?<name>\w+)(?=[.\[]|$)|\[(?<list>[^\]]*)\]")]
    private static partial Regex Steps();
}
