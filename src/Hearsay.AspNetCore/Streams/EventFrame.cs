using System.Globalization;
using System.Text;

namespace Hearsay.AspNetCore.Streams;

/// <summary>Server-sent events as bytes.</summary>
internal static class EventFrame
{
    /// <summary>Keeps connections open, and finds out that a reader is gone.</summary>
    public static byte[] Heartbeat { get; } = ":\n\n"u8.ToArray();

    /// <summary>Tells readers to come back after a second when the connection breaks.</summary>
    public static byte[] Begin { get; } = "retry: 1000\n\n"u8.ToArray();

    /// <summary>The same, with the id that a reader goes on from that reads no event before it comes back.</summary>
    public static byte[] BeginAt(string id) => Encoding.UTF8.GetBytes($"id: {id}\nretry: 1000\n\n");

    /// <summary>An event.</summary>
    /// <param name="id">Its id; null for one that no reader goes on from.</param>
    /// <param name="name">Its name.</param>
    /// <param name="json">Its data, of one line.</param>
    public static byte[] Of(string? id, string name, ReadOnlySpan<byte> json)
    {
        var head = Encoding.UTF8.GetBytes(
            (id is null ? string.Empty : $"id: {id}\n") + $"event: {name}\ndata: ");
        return [.. head, .. json, .. "\n\n"u8];
    }

    /// <summary>Tells how many events a reader missed.</summary>
    /// <param name="missed">How many; null if nobody knows.</param>
    /// <param name="id">What a reader goes on from; null where none does.</param>
    public static byte[] Lagged(long? missed, string? id = null) => Of(id, "lagged", Encoding.UTF8.GetBytes(
        $$"""{"missed":{{missed?.ToString(CultureInfo.InvariantCulture) ?? "null"}}}"""));
}
