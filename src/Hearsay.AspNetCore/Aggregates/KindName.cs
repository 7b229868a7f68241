using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;

namespace Hearsay.AspNetCore.Aggregates;

/// <summary>The names of kinds and methods in calls: as on the command line, in lower case without dashes.</summary>
internal static class KindName
{
    /// <summary>The name of a kind.</summary>
    public static string Of(AggregateKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>The name of a method.</summary>
    public static string Of(AggregateMethod method) => method.ToString().ToLowerInvariant();

    /// <summary>The kind of a name; an average without one.</summary>
    public static AggregateKind Kind(string? name) => Parse(name, AggregateKind.Average, "kind");

    /// <summary>The method of a name; the kind's default without one.</summary>
    public static AggregateMethod Method(string? name, AggregateKind kind) => Parse(
        name, kind == AggregateKind.Quantile ? AggregateMethod.Tournament : AggregateMethod.PushPull, "method");

    private static T Parse<T>(string? name, T otherwise, string field)
        where T : struct, Enum
    {
        if (name is null)
        {
            return otherwise;
        }

        var plain = name.Replace("-", null, StringComparison.Ordinal);
        foreach (var value in Enum.GetValues<T>())
        {
            if (value.ToString().Equals(plain, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        var allowed = string.Join(", ", Enum.GetNames<T>().Select(static known => known.ToLowerInvariant()));
        throw new ProblemException(Problems.Field(
            field, allowed, $"There is no {field} {CallField.Short(name)}."));
    }
}
