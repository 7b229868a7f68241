using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Features.Maps;

/// <summary>
/// Entries as JSON lines.
/// <code>
/// {"key":"colour","text":"green"}                  a value that is text; else "bytes" in Base64
/// {"key":"colour","text":"green","others":[{"text":"red"}]}   concurrent values
/// {"key":"visits","count":3}
/// {"key":"tags","elements":["a","b"]}
/// {"key":"up","raised":true}
/// {"key":"lease","text":"me","expires":1764460800000}         milliseconds since 1970
/// {"key":"tags","elements":["a",{"text":"b","expires":1764460800000}]}       only b expires
/// {"key":"user","fields":[{"key":"name","text":"Ada"},{"key":"logins","count":7}]}
/// </code>
/// A key that is used in several ways has all of them in its line. The end of an entry is that of its value, and of its
/// elements and its flag unless these are objects with an end of their own. The null there means that they have none.
/// </summary>
internal static class MapLines
{
    /// <summary>The longest line that is read, in bytes.</summary>
    public const int LongestBytes = 64 << 20;

    /// <summary>So much is written at once.</summary>
    private const int PieceBytes = 1 << 16;

    private static readonly JsonWriterOptions s_options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes entries.</summary>
    public static async Task<long> WriteAsync(
        Stream output, IEnumerable<MapEntry> entries, CancellationToken cancellation)
    {
        var (buffer, count) = (new MemoryStream(), 0L);
        foreach (var entry in entries)
        {
            using (var writer = new Utf8JsonWriter(buffer, s_options))
            {
                Write(writer, entry);
            }

            buffer.WriteByte((byte)'\n');
            count++;
            if (buffer.Length >= PieceBytes)
            {
                await PourAsync(buffer, output, cancellation).ConfigureAwait(false);
            }
        }

        await PourAsync(buffer, output, cancellation).ConfigureAwait(false);
        return count;
    }

    private static async Task PourAsync(MemoryStream buffer, Stream output, CancellationToken cancellation)
    {
        await output.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), cancellation)
            .ConfigureAwait(false);
        buffer.SetLength(0);
    }

    private static void Write(Utf8JsonWriter writer, MapEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("key", entry.Key);
        var expiry = MapLineExpiry.Of(entry);
        if (entry.Values is [var value, ..] values)
        {
            WriteValue(writer, value);
            WriteOthers(writer, values.Skip(1).ToArray());
        }

        if (entry.OwnRows.Any(static row => row.Kind == RowKind.Share))
        {
            writer.WriteNumber("count", entry.Count);
        }

        WriteElements(writer, entry, expiry);
        WriteFlag(writer, entry, expiry);
        if (expiry != MapLineExpiry.Never)
        {
            writer.WriteNumber("expires", expiry);
        }

        WriteFields(writer, entry);
        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, ReadOnlyMemory<byte> value)
    {
        if (Utf8.IsValid(value.Span))
        {
            writer.WriteString("text", value.Span);
        }
        else
        {
            writer.WriteBase64String("bytes", value.Span);
        }
    }

    private static void WriteOthers(Utf8JsonWriter writer, ReadOnlyMemory<byte>[] others)
    {
        if (others.Length == 0)
        {
            return;
        }

        writer.WriteStartArray("others");
        foreach (var other in others)
        {
            writer.WriteStartObject();
            WriteValue(writer, other);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteElements(Utf8JsonWriter writer, MapEntry entry, long entryExpiry)
    {
        if (entry.Elements is not { Count: > 0 } elements)
        {
            return;
        }

        var expiries = MapLineExpiry.OfElements(entry);
        writer.WriteStartArray("elements");
        foreach (var element in elements)
        {
            if (expiries[element] == entryExpiry)
            {
                writer.WriteStringValue(element);
                continue;
            }

            writer.WriteStartObject();
            writer.WriteString("text", element);
            MapLineExpiry.Write(writer, expiries[element]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteFlag(Utf8JsonWriter writer, MapEntry entry, long entryExpiry)
    {
        if (!entry.IsRaised)
        {
            return;
        }

        if (MapLineExpiry.OfFlag(entry) is var expiry && expiry == entryExpiry)
        {
            writer.WriteBoolean("raised", true);
            return;
        }

        writer.WriteStartObject("raised");
        MapLineExpiry.Write(writer, expiry);
        writer.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter writer, MapEntry entry)
    {
        if (entry.Fields is not { Count: > 0 } fields)
        {
            return;
        }

        writer.WriteStartArray("fields");
        foreach (var field in fields)
        {
            Write(writer, field);
        }

        writer.WriteEndArray();
    }
}
