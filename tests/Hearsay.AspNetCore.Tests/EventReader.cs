using System.Text.Json;

namespace Hearsay.AspNetCore.Tests;

/// <summary>Reads server-sent events as a client does.</summary>
internal sealed class EventReader(HttpResponseMessage answer, StreamReader lines) : IDisposable
{
    /// <summary>Opens a stream and waits until it has begun.</summary>
    public static async Task<EventReader> OpenAsync(HttpClient client, string path, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        var answer = await client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var stream = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        return new EventReader(answer, new StreamReader(stream));
    }

    /// <summary>Reads what comes before all events; returns the id in it.</summary>
    public async Task<string?> ReadBeginAsync()
    {
        string? id = null;
        while (await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 } line)
        {
            id = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : id;
        }

        return id;
    }

    /// <summary>The next event; null at the end of the stream.</summary>
    public Task<(string? Id, string Name, JsonElement Data)?> ReadAsync() =>
        NextAsync().WaitAsync(ServiceRun.Deadline, TestContext.Current.CancellationToken);

    private async Task<(string? Id, string Name, JsonElement Data)?> NextAsync()
    {
        string? id = null;
        string? name = null;
        string? data = null;
        while (await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Length == 0 && data is not null)
            {
                return (id, name ?? "message", JsonDocument.Parse(data).RootElement);
            }

            (id, name, data) = line switch
            {
                "" => (null, null, null),
                _ when line.StartsWith("id: ", StringComparison.Ordinal) => (line[4..], name, data),
                _ when line.StartsWith("event: ", StringComparison.Ordinal) => (id, line[7..], data),
                _ when line.StartsWith("data: ", StringComparison.Ordinal) => (id, name, line[6..]),
                _ => (id, name, data),
            };
        }

        return null;
    }

    /// <summary>The next event of a name; others are passed over.</summary>
    public Task<(string? Id, string Name, JsonElement Data)> ReadAsync(string name) =>
        FindAsync(name).WaitAsync(ServiceRun.Deadline, TestContext.Current.CancellationToken);

    private async Task<(string? Id, string Name, JsonElement Data)> FindAsync(string name)
    {
        while (true)
        {
            var next = await ReadAsync();
            Assert.True(next is not null, $"The stream ended before '{name}' came.");
            if (next.Value.Name == name)
            {
                return next.Value;
            }
        }
    }

    public void Dispose()
    {
        lines.Dispose();
        answer.Dispose();
    }
}
