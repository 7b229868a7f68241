using System.Text;
using System.Text.Json;

namespace Hearsay.Agent.Shell;

/// <summary>One JSON object on one line, for programs that read what a command prints.</summary>
internal static class JsonLine
{
    /// <summary>Writes the fields of the object.</summary>
    public static string Of(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
