using System.Text.Json;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Security;
using Hearsay.Settings;

namespace Hearsay.Features.Maps;

/// <summary>Reads <see cref="MapLines"/> as changes of a map.</summary>
internal static class MapImport
{
    private static readonly JsonDocumentOptions s_json = new() { AllowDuplicateProperties = false };

    /// <summary>Reads all lines, and writes as many at once as a batch holds.</summary>
    /// <exception cref="FormatException">A line is malformed. Those before it are written.</exception>
    public static async Task<long> ReadAsync(
        GossipMap map, Stream input, Func<IReadOnlyList<MapChange>, Task> write, CancellationToken cancellation)
    {
        var (number, lines, batch) = (0L, 0L, new MapImportBatch(write, cancellation));
        try
        {
            await foreach (var part in LinesAsync(input, cancellation).ConfigureAwait(false))
            {
                var line = number++ == 0 ? Read(number, () => Utf8Mark.Skip(part)) : part;
                if (line.Span.Trim(" \t\r"u8).IsEmpty)
                {
                    continue;
                }

                lines++;
                await ReadAsync(map, line, number, batch).ConfigureAwait(false);
            }
        }
        catch (FormatException)
        {
            await batch.FlushAsync().ConfigureAwait(false);
            throw;
        }

        await batch.FlushAsync().ConfigureAwait(false);
        return lines;
    }

    private static async Task ReadAsync(
        GossipMap map, ReadOnlyMemory<byte> line, long number, MapImportBatch batch)
    {
        using var json = Read(number, () => JsonDocument.Parse(line, s_json));
        var key = Read(number, () => Key(json.RootElement));
        await batch.BeginKeyAsync(key).ConfigureAwait(false);
        var changes = Read(number, () =>
        {
            var all = new List<MapChange>();
            map.TryGet(key, out var before);
            Add(all, json.RootElement, MapKeys.Path(key), before, mayNest: true);
            return all;
        });
        foreach (var change in changes)
        {
            await batch.AddAsync(change).ConfigureAwait(false);
        }

        batch.EndKey(key);
    }

    private static T Read<T>(long number, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is not ObjectDisposedException
            && error is (JsonException or FormatException or InvalidOperationException or ArgumentException
                or OverflowException))
        {
            var reason = error is JsonException { BytePositionInLine: { } at }
                ? $"it cannot be read as JSON from byte {at} on." : ArgumentText.Of(error);
            throw new FormatException($"Line {number:N0}: {reason}", error);
        }
    }

    private static string Key(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("key", out var key)
            && key.ValueKind == JsonValueKind.String
            ? key.GetString()! : throw new FormatException("a line is an object with a text 'key'.");

    private static void Add(
        List<MapChange> changes, JsonElement entry, RowPath path, MapEntry? before, bool mayNest)
    {
        var expiry = MapLineExpiry.Read(entry, MapLineExpiry.Never);
        var says = false;
        foreach (var property in entry.EnumerateObject())
        {
            says |= property.Name is not ("key" or "others" or "expires");
            switch (property.Name)
            {
                case "text" or "bytes":
                    var bytes = property.Name == "text"
                        ? StrictUtf8.GetBytes(Text(property.Value), "text") : property.Value.GetBytesFromBase64();
                    changes.Add(MapChange.Set(path, RowKind.Register, MapKeys.Checked(bytes), expiry));
                    break;
                case "count" when Difference(property.Value.GetInt64(), before?.Count ?? 0) is not 0 and var amount:
                    changes.Add(MapChange.Increment(path, amount));
                    break;
                case "elements":
                    changes.AddRange(property.Value.EnumerateArray().Select(element => Element(path, element, expiry)));
                    break;
                case "raised" when property.Value.ValueKind == JsonValueKind.Object:
                    changes.Add(MapChange.Set(
                        path, RowKind.Flag, default, MapLineExpiry.Read(property.Value, expiry)));
                    break;
                case "raised" when property.Value.GetBoolean():
                    changes.Add(MapChange.Set(path, RowKind.Flag, default, expiry));
                    break;
                case "fields" when mayNest:
                    AddFields(changes, property.Value, path, before);
                    break;
                case "key" or "others" or "expires" or "count" or "raised":
                    break;
                default:
                    throw new FormatException($"'{property.Name}' is not known.");
            }
        }

        if (!says)
        {
            throw new FormatException("it has nothing but a key.");
        }
    }

    private static MapChange Element(RowPath path, JsonElement element, long expiry) =>
        element.ValueKind == JsonValueKind.Object
            ? MapChange.Set(
                MapKeys.Element(path, element.TryGetProperty("text", out var text) ? Text(text) : Text(default)),
                RowKind.Element, default, MapLineExpiry.Read(element, expiry))
            : MapChange.Set(MapKeys.Element(path, Text(element)), RowKind.Element, default, expiry);

    private static long Difference(long wanted, long present)
    {
        var amount = (Int128)wanted - present;
        return amount > long.MinValue && amount <= long.MaxValue ? (long)amount : throw new FormatException(
            $"from {present} to {wanted} the counter would change by more than 64 bits hold at once.");
    }

    private static void AddFields(List<MapChange> changes, JsonElement fields, RowPath path, MapEntry? before)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in fields.EnumerateArray())
        {
            var name = Key(field);
            if (!names.Add(name))
            {
                throw new FormatException($"the field '{name}' is there twice.");
            }

            var known = before?.Fields.FirstOrDefault(one => one.Key == name);
            Add(changes, field, MapKeys.FieldOf(path, name), known, mayNest: false);
        }
    }

    private static string Text(JsonElement element) =>
        (element.ValueKind == JsonValueKind.Undefined ? null : element.GetString())
            ?? throw new FormatException("a text is missing.");

    /// <summary>The lines of a stream, without their ends.</summary>
    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(
        Stream input, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var (buffer, start, end) = (new byte[1 << 16], 0, 0);
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                yield return buffer.AsMemory(start, length);
                start += length + 1;
                continue;
            }

            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }
            else if (end == buffer.Length)
            {
                Array.Resize(ref buffer, end < MapLines.LongestBytes
                    ? 2 * end : throw new FormatException($"A line has more than {MapLines.LongestBytes:N0} bytes."));
            }

            var count = await input.ReadAsync(buffer.AsMemory(end), cancellation).ConfigureAwait(false);
            if (count == 0)
            {
                if (end > 0)
                {
                    yield return buffer.AsMemory(0, end);
                }

                yield break;
            }

            end += count;
        }
    }
}
