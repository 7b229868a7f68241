using System.Text;
using System.Text.Json;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Calls;

/// <summary><c>hearsay publish</c> and <c>listen</c> through a running agent.</summary>
internal static class TopicCalls
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    /// <summary>When nobody new has acknowledged a message for so long, nobody will.</summary>
    private static readonly TimeSpan s_still = TimeSpan.FromSeconds(3);

    /// <summary>Publishes; where it is tracked, stays until no more nodes acknowledge it.</summary>
    public static async Task<int> PublishAsync(
        AgentClient client, PublishTeller teller, string topic, ReadOnlyMemory<byte> payload, bool isTracked,
        CancellationToken cancellation)
    {
        var answer = await client.CallAsync(
            HttpMethod.Post, $"/v1/topics/{Uri.EscapeDataString(topic)}/messages{(isTracked ? "?track=true" : "")}",
            payload, cancellation).ConfigureAwait(false);
        using var published = JsonDocument.Parse(answer);
        var id = published.RootElement.GetProperty("id").GetString()!;
        await teller.PublishedAsync(id, payload.Length, isTracked).ConfigureAwait(false);
        if (!isTracked)
        {
            return 0;
        }

        var reached = await FollowAsync(client, published.RootElement.GetProperty("url").GetString()!, cancellation)
            .ConfigureAwait(false);
        return await teller.ReachedAsync(Math.Max(0, reached - 1)).ConfigureAwait(false);
    }

    /// <summary>Prints what is published under a topic.</summary>
    public static async Task<int> ListenAsync(
        AgentClient client, string topic, int count, TextWriter output, TextWriter error,
        Func<JsonElement, string> text, CancellationToken cancellation)
    {
        var events = client.ListenAsync(
            $"/v1/topics/{Uri.EscapeDataString(topic)}/events", () => error.WriteLineAsync($"listening to '{topic}'"),
            cancellation);
        await foreach (var (name, data) in events.ConfigureAwait(false))
        {
            await output.WriteLineAsync(text(data)).ConfigureAwait(false);
            await output.FlushAsync(cancellation).ConfigureAwait(false);
            if (name == "message" && --count == 0)
            {
                return 0;
            }
        }

        return await CallRun.EndedAsync(error).ConfigureAwait(false);
    }

    /// <summary>A message, or how many were missed, for people.</summary>
    public static string Text(JsonElement data, Func<string, string> printable) =>
        data.TryGetProperty("missed", out var missed)
            ? $"({MissedOf(missed)} missed)"
            : $"{data.GetProperty("origin").GetString()} #{data.GetProperty("sequence")}: {PayloadOf(data, printable)}";

    private static string MissedOf(JsonElement missed) =>
        missed.ValueKind == JsonValueKind.Null ? "some messages" : Counted.Of(missed.GetInt64(), "message");

    private static string PayloadOf(JsonElement data, Func<string, string> printable)
    {
        if (data.TryGetProperty("text", out var text))
        {
            return printable(text.GetString()!);
        }

        return data.TryGetProperty("base64", out var bytes)
            ? printable(Encoding.UTF8.GetString(bytes.GetBytesFromBase64()))
            : $"({Counted.Of(data.GetProperty("bytes").GetInt64(), "byte")} at {data.GetProperty("url").GetString()})";
    }

    private static async Task<long> FollowAsync(AgentClient client, string url, CancellationToken cancellation)
    {
        var (reached, since) = (0L, TimeProvider.System.GetTimestamp());
        while (TimeProvider.System.GetElapsedTime(since) < s_still)
        {
            using var told = JsonDocument.Parse(await client.GetAsync(url, cancellation).ConfigureAwait(false));
            var now = told.RootElement.GetProperty("reach").GetProperty("nodesReached").GetInt64();
            if (now > reached)
            {
                (reached, since) = (now, TimeProvider.System.GetTimestamp());
            }

            await Task.Delay(s_look, cancellation).ConfigureAwait(false);
        }

        return reached;
    }
}
