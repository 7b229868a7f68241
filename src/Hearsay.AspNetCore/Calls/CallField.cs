using System.Globalization;
using Hearsay.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Hearsay.AspNetCore.Calls;

/// <summary>Reads the fields of a path and a query; what is wrong ends the call with a problem that names it.</summary>
internal static class CallField
{
    /// <summary>A name in the path. <c>%2F</c> stands for a slash.</summary>
    public static string Name(HttpContext context, string field = "name")
    {
        var routed = (string?)context.Request.RouteValues[field] ?? string.Empty;
        if (!routed.Contains('%', StringComparison.Ordinal))
        {
            return routed;
        }

        // The server leaves a slash as it came, and what is not UTF-8: that cannot be told from a name with a sign.
        return RawSegment.Of(context, field) is not { } raw
            ? routed.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)
            : EscapedText.Decode(raw) ?? throw NotUtf8(field);
    }

    /// <summary>A text in the query; empty without it.</summary>
    public static string Text(HttpContext context, string field)
    {
        foreach (var one in new QueryStringEnumerable(context.Request.QueryString.Value))
        {
            if (one.DecodeName().Span.Equals(field, StringComparison.OrdinalIgnoreCase)
                && EscapedText.Decode(one.EncodedValue.ToString()) is null)
            {
                throw NotUtf8(field);
            }
        }

        return context.Request.Query[field].ToString();
    }

    /// <summary>A name that the service keeps itself, in the path.</summary>
    public static string PlainName(HttpContext context, string field = "name")
    {
        var name = Name(context, field);
        return name.Length is >= 1 and <= 64
            && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-')
                ? name
                : throw new ProblemException(Problems.Field(
                    field, "1 to 64 ASCII letters, digits, '.', '_' or '-'", "The name is not valid."));
    }

    /// <summary>A whole number in the query, or what holds without it.</summary>
    public static int Count(HttpContext context, string field, int least, int most, int otherwise)
    {
        if (!context.Request.Query.TryGetValue(field, out var text))
        {
            return otherwise;
        }

        return int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
                ? number
                : throw new ProblemException(Problems.Field(
                    field, $"a whole number from {least} to {most}", $"'{field}' is not valid: {Short(text!)}."));
    }

    /// <summary>A yes or no in the query; no without it.</summary>
    public static bool Flag(HttpContext context, string field) =>
        context.Request.Query.TryGetValue(field, out var text) && text.ToString() switch
        {
            "" or "true" or "1" => true,
            "false" or "0" => false,
            var other => throw new ProblemException(Problems.Field(
                field, "true or false", $"'{field}' is not valid: {Short(other)}.")),
        };

    /// <summary>The beginning of a text of the caller, to be repeated in a message.</summary>
    public static string Short(string text) => $"'{Cut(text)}'";

    /// <summary>The same without quotes.</summary>
    public static string Cut(string text) => text.Length <= 40 ? text : $"{text[..40]}...";

    private static ProblemException NotUtf8(string field) => new(Problems.Field(
        field, "text in UTF-8, with %XX for each byte that is escaped", $"'{field}' is not UTF-8."));
}
