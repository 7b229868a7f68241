using System.Text.Json;
using Hearsay.AspNetCore.Streams;
using Hearsay.Playground;
using Hearsay.Playground.Contract;

namespace Hearsay.Cli.Play.Live;

/// <summary>The events of a live feed that are words.</summary>
internal static class LiveText
{
    /// <summary>What is shown; the first event.</summary>
    public static byte[] Scene(SceneDescription scene)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            SceneJson.Write(json, scene, []);
        }

        return EventFrame.Of(null, "scene", stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>Who the nodes are from a number on.</summary>
    public static byte[] Nodes(int first, IEnumerable<IReadOnlyList<(string Name, string Value)>> nodes) =>
        Of("nodes", json =>
        {
            json.WriteNumber("first", first);
            json.WriteStartArray("facts");
            foreach (var facts in nodes)
            {
                json.WriteStartArray();
                foreach (var (name, value) in facts)
                {
                    json.WriteStartArray();
                    json.WriteStringValue(name);
                    json.WriteStringValue(value);
                    json.WriteEndArray();
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
        });

    /// <summary>Why nothing can be seen at the moment; null if it can again.</summary>
    public static byte[] Trouble(string? why) => Of("trouble", json => json.WriteString("message", why));

    /// <summary>Nothing comes any more; the last event.</summary>
    public static byte[] End(string why) => Of("end", json => json.WriteString("message", why));

    private static byte[] Of(string name, Action<Utf8JsonWriter> content)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        return EventFrame.Of(null, name, stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
