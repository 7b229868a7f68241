using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hearsay.Agent.Calls;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Guest;

/// <summary><c>hearsay map</c> through a running agent.</summary>
/// <param name="client">The agent.</param>
/// <param name="map">The name of the map.</param>
/// <param name="parsed">The command line.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class MapCalls(
    AgentClient client, string map, ParseResult parsed, CancellationToken cancellation)
{
    private readonly InvocationConfiguration _console = parsed.InvocationConfiguration;

    private readonly bool _isJson = MapJson.IsAsked(parsed);

    private const int PageKeys = 500;

    private const int MalformedLine = 400;

    private readonly string _path = $"/v1/maps/{Uri.EscapeDataString(map)}";

    /// <summary>Prints the value of a key.</summary>
    public Task<int> GetAsync(string key, WatchOption watching) => CallRun.ShowAsync(
        parsed, watching, () => client.GetAsync($"{_path}/keys/{Uri.EscapeDataString(key)}", cancellation),
        static entry => Text(entry), isOfLines: true, _isJson, cancellation);

    /// <summary>Changes something.</summary>
    /// <param name="method">The verb of HTTP.</param>
    /// <param name="path">The path beneath the map, with its query.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="missing">What to say where nothing has changed; null if something always does.</param>
    public async Task<int> ChangeAsync(HttpMethod method, string path, byte[]? body, string? missing)
    {
        var answer = await client.CallAsync(method, _path + path, body, cancellation).ConfigureAwait(false);
        using var written = JsonDocument.Parse(answer);
        var isDone = missing is null || written.RootElement.GetProperty("isChanged").GetBoolean();
        if (_isJson)
        {
            await _console.Output.WriteLineAsync(answer).ConfigureAwait(false);
        }

        if (!isDone)
        {
            await _console.Error.WriteLineAsync(missing).ConfigureAwait(false);
            return CallRun.No;
        }

        if (_isJson)
        {
            return 0;
        }

        var nodes = written.RootElement.GetProperty("nodes").EnumerateArray().Select(static node => node.GetString());
        var list = string.Join(", ", nodes);
        await _console.Output.WriteLineAsync(list.Length > 0 ? $"at {list}" : MapText.AtAgent).ConfigureAwait(false);
        return 0;
    }

    /// <summary>Prints keys in order, page by page.</summary>
    public async Task<int> KeysAsync(string prefix, bool withValues)
    {
        for (var after = string.Empty; ;)
        {
            var limit = PageKeys.ToString(CultureInfo.InvariantCulture);
            using var page = JsonDocument.Parse(await client.GetAsync(
                $"{_path}/keys?limit={limit}&prefix={Uri.EscapeDataString(prefix)}&after={Uri.EscapeDataString(after)}",
                cancellation).ConfigureAwait(false));
            foreach (var entry in page.RootElement.GetProperty("keys").EnumerateArray())
            {
                after = entry.GetProperty("key").GetString()!;
                var key = MapText.Printable(after);
                await _console.Output.WriteLineAsync(
                    _isJson ? $"{entry}" : withValues ? $"{key}\t{Text(entry)}" : key).ConfigureAwait(false);
            }

            if (!page.RootElement.GetProperty("isMore").GetBoolean())
            {
                return 0;
            }
        }
    }

    /// <summary>Prints the entries, and then every change.</summary>
    public async Task<int> WatchAsync(string prefix, int count, TextWriter output)
    {
        var events = client.ListenAsync(
            $"{_path}/events?prefix={Uri.EscapeDataString(prefix)}", static () => Task.CompletedTask, cancellation);
        await foreach (var (name, data) in events.ConfigureAwait(false))
        {
            await output.WriteLineAsync(name switch
            {
                _ when _isJson => MapJson.OfEvent(name, $"{data}"),
                "lagged" => $"({Counted.Of(data.GetProperty("missed").GetInt64(), "change")} missed)",
                "removed" => $"{MapText.Printable(data.GetProperty("key").GetString()!)} (removed)",
                _ => $"{MapText.Printable(data.GetProperty("key").GetString()!)}\t{Text(data)}",
            }).ConfigureAwait(false);
            await output.FlushAsync(cancellation).ConfigureAwait(false);
            if (--count == 0)
            {
                return 0;
            }
        }

        return await CallRun.EndedAsync(_console.Error).ConfigureAwait(false);
    }

    /// <summary>Writes the map as JSON lines into a file, or to standard output.</summary>
    public Task<int> ExportAsync(string? file) => TryFileAsync(async () =>
    {
        if (file is null)
        {
            var output = GuestRun.Output(parsed);
            await client.ReadLinesAsync(_path + "/lines", output.WriteLineAsync, cancellation).ConfigureAwait(false);
            await output.FlushAsync(cancellation).ConfigureAwait(false);
            return 0;
        }

        var lines = await MapFiles.WriteAsync(file, async stream =>
        {
            await using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            return await client.ReadLinesAsync(_path + "/lines", writer.WriteLineAsync, cancellation)
                .ConfigureAwait(false);
        }).ConfigureAwait(false);
        await _console.Error.WriteLineAsync($"{Counted.Of(lines, "key")} in '{file}'").ConfigureAwait(false);
        return 0;
    });

    /// <summary>Writes the JSON lines of a file, or of standard input, into the map.</summary>
    public Task<int> ImportAsync(string? file, int? nodes) => TryFileAsync(async () =>
    {
        var path = _path + "/lines"
            + (nodes is { } count ? string.Create(CultureInfo.InvariantCulture, $"?nodes={count}") : string.Empty);
        await using var input = file is null ? Console.OpenStandardInput() : File.OpenRead(file);
        var written = 0L;
        await foreach (var part in LineParts.ReadAsync(input, cancellation).ConfigureAwait(false))
        {
            written += await ImportAsync(path, part.Bytes, part.FirstLine).ConfigureAwait(false);
        }

        return await MapFiles.TellAsync(parsed, file, written).ConfigureAwait(false);
    });

    /// <summary>Does something with a file; what is wrong with it is told in a line.</summary>
    private async Task<int> TryFileAsync(Func<Task<int>> act)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (Exception wrong) when (wrong is FormatException or UnauthorizedAccessException
            or IOException and not HttpIOException)
        {
            return MapVisit.Fail(parsed, wrong.Message);
        }
    }

    private async Task<long> ImportAsync(string path, ReadOnlyMemory<byte> lines, long firstLine)
    {
        try
        {
            var answer = await client.CallAsync(HttpMethod.Post, path, lines, cancellation).ConfigureAwait(false);
            using var json = JsonDocument.Parse(answer);
            return json.RootElement.GetProperty("lines").GetInt64();
        }
        catch (RefusedException refused) when (refused.Status == MalformedLine)
        {
            throw new FormatException(
                firstLine == 1 ? refused.Message : $"Of the lines from {firstLine:N0} on: {refused.Message}");
        }
    }

    /// <summary>Prints how much is in the map.</summary>
    public Task<int> StatusAsync(WatchOption watching) => CallRun.ShowAsync(
        parsed, watching, () => client.GetAsync($"{_path}/status", cancellation),
        static status => MapText.Of(
            status.GetProperty("keys").GetInt64(), status.GetProperty("rows").GetInt64(),
            status.GetProperty("sizeBytes").GetInt64(), status.GetProperty("isTrusted").GetBoolean(),
            $"{status.GetProperty("root")}", $"{status.GetProperty("contextHash")}"),
        isOfLines: false, _isJson, cancellation);

    /// <summary>What a key or a field has, as <see cref="MapText"/> writes it.</summary>
    private static string Text(JsonElement entry)
    {
        if (entry.TryGetProperty("text", out var text))
        {
            return MapText.Printable(text.GetString()!);
        }

        if (entry.TryGetProperty("base64", out var bytes))
        {
            return MapText.Printable(Encoding.UTF8.GetString(bytes.GetBytesFromBase64()));
        }

        if (entry.TryGetProperty("fields", out var fields))
        {
            return "{" + string.Join("; ", fields.EnumerateObject().Select(
                static field => $"{MapText.Printable(field.Name)}: {Text(field.Value)}")) + "}";
        }

        return entry.TryGetProperty("elements", out var elements)
            ? "{" + string.Join(", ", elements.EnumerateArray().Select(
                static one => MapText.Printable(one.GetString()!))) + "}"
            : entry.TryGetProperty("isRaised", out _) ? "raised"
            : entry.TryGetProperty("count", out var count) ? $"{count}" : "0";
    }
}
