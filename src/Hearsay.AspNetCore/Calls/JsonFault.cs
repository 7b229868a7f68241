using System.Globalization;
using System.Text.Json;

namespace Hearsay.AspNetCore.Calls;

/// <summary>What is wrong with a JSON body, in the words of a caller: the reader's speak of types of .NET.</summary>
internal static class JsonFault
{
    /// <summary>A sentence.</summary>
    public static string Text(JsonException wrong)
    {
        var field = wrong.Path is { Length: > 2 } path ? CallField.Short(path[2..]) : "The body";
        return wrong switch
        {
            _ when wrong.Message.Contains("could not be mapped", StringComparison.Ordinal) =>
                $"There is no field {field}.",
            _ when wrong.Message.Contains("could not be converted", StringComparison.Ordinal) =>
                $"{field} has another type than is expected, or is out of its range.",
            { LineNumber: { } line, BytePositionInLine: { } at } => string.Create(
                CultureInfo.InvariantCulture, $"It cannot be read from byte {at} of line {line + 1} on."),
            _ => "It cannot be read.",
        };
    }
}
