using System.Globalization;
using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>
/// One thing that goes wrong, as text <c>kind@ms</c>, then <c>:node,node</c>, <c>+ms</c> and <c>*amount</c> where the
/// kind has nodes, a duration or an amount: <c>pause@12000:3,7+500</c>.
/// </summary>
/// <param name="Kind">The kind of fault.</param>
/// <param name="At">The time at which it begins.</param>
/// <param name="Nodes">The nodes that it hits, by index; indices beyond the last node are ignored.</param>
/// <param name="Duration">Its duration.</param>
/// <param name="Amount">Its amount, which depends on the kind.</param>
public sealed record Fault(FaultKind Kind, Instant At, IReadOnlyList<int> Nodes, TimeSpan Duration, double Amount)
{
    private static readonly char[] Marks = [':', '+', '*'];

    /// <summary>A fault that happens to nodes at once.</summary>
    public Fault(FaultKind kind, Instant at, params int[] nodes)
        : this(kind, at, nodes, TimeSpan.Zero, 0)
    {
    }

    /// <summary>The time at which its last effect ends.</summary>
    public Instant End => At + Duration;

    /// <summary>Reads the text of one fault.</summary>
    /// <returns>False if it is not one.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Fault fault)
    {
        fault = new Fault(FaultKind.Crash, Instant.Zero);
        var at = text.IndexOf('@');
        if (at <= 0 || !char.IsAsciiLetter(text[0])
            || !Enum.TryParse<FaultKind>(text[..at], ignoreCase: true, out var kind) || !Enum.IsDefined(kind)
            || !TryTakeNumber(text[(at + 1)..], out var when, out var rest))
        {
            return false;
        }

        var (nodes, duration, amount) = (new List<int>(), 0.0, 0.0);
        while (!rest.IsEmpty)
        {
            var mark = rest[0];
            if ((mark != ':' && mark != '+' && mark != '*')
                || (mark == ':' && !TryTakeNodes(rest[1..], nodes, out rest))
                || (mark == '+' && !TryTakeNumber(rest[1..], out duration, out rest))
                || (mark == '*' && !TryTakeNumber(rest[1..], out amount, out rest)))
            {
                return false;
            }
        }

        fault = new Fault(
            kind,
            Instant.Zero + Exactly(when),
            nodes,
            Exactly(duration),
            amount);
        return true;
    }

    /// <summary>The text of the fault.</summary>
    public override string ToString()
    {
        var culture = CultureInfo.InvariantCulture;
        var name = Enum.GetName(Kind)!;
        var nodes = Nodes.Count > 0 ? ":" + string.Join(',', Nodes) : "";
        var duration = Duration > TimeSpan.Zero
            ? string.Create(culture, $"+{Duration.TotalMilliseconds:0.####}") : "";
        var amount = Amount != 0 ? string.Create(culture, $"*{Amount:0.####}") : "";
        var at = (At - Instant.Zero).TotalMilliseconds;
        return string.Create(
            culture, $"{char.ToLowerInvariant(name[0])}{name[1..]}@{at:0.####}{nodes}{duration}{amount}");
    }

    /// <summary>Rounded to ticks, so that a text of four decimals comes back as it was.</summary>
    private static TimeSpan Exactly(double milliseconds) =>
        TimeSpan.FromTicks((long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond));

    private static bool TryTakeNumber(ReadOnlySpan<char> text, out double number, out ReadOnlySpan<char> rest)
    {
        var end = text.IndexOfAny(Marks);
        rest = end < 0 ? [] : text[end..];
        return double.TryParse(
            end < 0 ? text : text[..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
            && number <= 1e12;
    }

    private static bool TryTakeNodes(ReadOnlySpan<char> text, List<int> nodes, out ReadOnlySpan<char> rest)
    {
        var end = text.IndexOfAny('+', '*');
        rest = end < 0 ? [] : text[end..];
        var list = end < 0 ? text : text[..end];
        foreach (var range in list.Split(','))
        {
            if (!int.TryParse(list[range], NumberStyles.None, CultureInfo.InvariantCulture, out var node))
            {
                return false;
            }

            nodes.Add(node);
        }

        return true;
    }
}
