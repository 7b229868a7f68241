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
/// <param name="console">Where answers go.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class MapCalls(
    AgentClient client, string map, InvocationConfiguration console, CancellationToken cancellation)
{
    private const int PageKeys = 500;

    private readonly string _path = $"/v1/maps/{Uri.EscapeDataString(map)}";

    /// <summary>Prints the value of a key.</summary>
    public async Task<int> GetAsync(string key)
    {
        using var entry = JsonDocument.Parse(await client.GetAsync(PathOf(key), cancellation).ConfigureAwait(false));
        await console.Output.WriteLineAsync(Text(entry.RootElement)).ConfigureAwait(false);
        return 0;
    }

    /// <summary>Sets a key.</summary>
    public async Task<int> SetAsync(string key, string value, int? nodes) => await TellAsync(await client.CallAsync(
        HttpMethod.Put, PathOf(key, nodes), Encoding.UTF8.GetBytes(value), cancellation).ConfigureAwait(false))
        .ConfigureAwait(false);

    /// <summary>Removes a key.</summary>
    public async Task<int> RemoveAsync(string key, int? nodes)
    {
        var answer = await client.CallAsync(HttpMethod.Delete, PathOf(key, nodes), null, cancellation)
            .ConfigureAwait(false);
        using var written = JsonDocument.Parse(answer);
        if (written.RootElement.GetProperty("isChanged").GetBoolean())
        {
            return await TellAsync(answer).ConfigureAwait(false);
        }

        await console.Error.WriteLineAsync($"The map has no key '{key}'.").ConfigureAwait(false);
        return CallRun.No;
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
                await console.Output.WriteLineAsync(withValues ? $"{key}\t{Text(entry)}" : key).ConfigureAwait(false);
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
                "lagged" => $"({Counted.Of(data.GetProperty("missed").GetInt64(), "change")} missed)",
                "removed" => $"{MapText.Printable(data.GetProperty("key").GetString()!)} (removed)",
                _ => $"{MapText.Printable(data.GetProperty("key").GetString()!)}\t{Text(data)}",
            }).ConfigureAwait(false);
            await output.FlushAsync(cancellation).ConfigureAwait(false);
            if (--count == 0)
            {
                break;
            }
        }

        return 0;
    }

    /// <summary>Prints how much is in the map.</summary>
    public async Task<int> StatusAsync()
    {
        using var answer = JsonDocument.Parse(
            await client.GetAsync($"{_path}/status", cancellation).ConfigureAwait(false));
        var status = answer.RootElement;
        var text = new StringBuilder();
        text.AppendLine(Counted.Of(status.GetProperty("keys").GetInt64(), "key"));
        text.AppendLine(Counted.Of(status.GetProperty("rows").GetInt64(), "row"));
        text.AppendLine(Counted.Of(status.GetProperty("sizeBytes").GetInt64(), "byte"));
        text.AppendLine($"root {status.GetProperty("root")}").Append($"context {status.GetProperty("contextHash")}");
        await console.Output.WriteLineAsync(text, cancellation).ConfigureAwait(false);
        return 0;
    }

    private static string Text(JsonElement entry)
    {
        if (entry.TryGetProperty("text", out var text))
        {
            return MapText.Printable(text.GetString()!);
        }

        return entry.TryGetProperty("base64", out var bytes)
            ? MapText.Printable(Encoding.UTF8.GetString(bytes.GetBytesFromBase64()))
            : entry.TryGetProperty("elements", out var elements)
            ? "{" + string.Join(", ", elements.EnumerateArray().Select(
                static one => MapText.Printable(one.GetString()!))) + "}"
            : entry.TryGetProperty("isRaised", out _) ? "raised"
            : entry.TryGetProperty("count", out var count) ? $"{count}" : "0";
    }

    private async Task<int> TellAsync(string answer)
    {
        using var written = JsonDocument.Parse(answer);
        var nodes = written.RootElement.GetProperty("nodes").EnumerateArray().Select(static node => node.GetString());
        var list = string.Join(", ", nodes);
        await console.Output.WriteLineAsync(list.Length > 0 ? $"at {list}" : "at the agent").ConfigureAwait(false);
        return 0;
    }

    private string PathOf(string key, int? nodes = null) =>
        $"{_path}/keys/{Uri.EscapeDataString(key)}"
        + (nodes is { } count ? string.Create(CultureInfo.InvariantCulture, $"?nodes={count}") : string.Empty);
}
