using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hearsay.Lab;

/// <summary>A result as the one JSON object that the lab prints; ARCHITECTURE.md fixes its shape.</summary>
public static class ResultJson
{
    private static readonly JsonWriterOptions s_options = new()
    {
        Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The object.</summary>
    public static string Of(ExperimentResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, s_options))
        {
            writer.WriteStartObject();
            writer.WriteString("experiment", result.Experiment);
            writer.WritePropertyName("parameters");
            Write(writer, result.Parameters);
            writer.WritePropertyName("summary");
            Write(writer, result.Summary);
            writer.WriteStartArray("results");
            foreach (var row in result.Results)
            {
                Write(writer, row);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("claims");
            foreach (var claim in result.Claims)
            {
                Write(writer, claim);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>A row as one line.</summary>
    internal static string Line(Row row)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, s_options with { Indented = false }))
        {
            Write(writer, row);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>A claim with the names of the contract.</summary>
    private static void Write(Utf8JsonWriter writer, Claim claim) => Write(writer, new Row
    {
        { "id", claim.Id },
        { "source", claim.Source },
        { "expected", claim.Expected },
        { "measured", claim.Measured },
        { "holds", claim.Holds },
    });

    private static void Write(Utf8JsonWriter writer, Row row)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in row)
        {
            writer.WritePropertyName(name);
            WriteValue(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null or double.NaN or double.PositiveInfinity or double.NegativeInfinity:
                writer.WriteNullValue();
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case ulong number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }
}
