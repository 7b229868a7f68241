using System.Globalization;
using System.Text;
using System.Text.Json;
using Hearsay.Playground.Contract;
using Hearsay.Playground.Recording;
using Hearsay.Playground.Scenes;
using Hearsay.Playground.Worlds;
using Hearsay.Simulation.Checks;

namespace Hearsay.Playground;

/// <summary>
/// What the page asks for in words, as JSON; written by hand, since the page's core carries no serializer.
/// </summary>
internal static class PlayJson
{
    /// <summary>
    /// The names of all scenes, and what they have in common. A page shows one scene at a time, and writing down all of
    /// them takes a browser half a second: it asks for the one it shows.
    /// </summary>
    public static string Scenes() => Names(SceneList.All);

    /// <summary>As <see cref="Scenes"/>, of the first scene alone: what a page needs for its first picture.</summary>
    public static string First() => Names([SceneList.First]);

    /// <summary>A scene.</summary>
    public static string Scene(string name)
    {
        var scene = SceneList.Find(name) ?? throw new ArgumentException($"There is no scene '{name}'.", nameof(name));
        return Text(json => SceneJson.Write(json, scene));
    }

    /// <summary>How a run is set up and where it is.</summary>
    public static string State(PlayRun run, string? error = null) => Write(json =>
    {
        json.WriteString("error", error);
        json.WriteString("scene", run.Scene.Name);
        json.WriteString("seed", run.Seed.ToString(CultureInfo.InvariantCulture));
        json.WriteString("link", run.Link());
        json.WriteNumber("sides", run.Worlds.Count);
        json.WriteNumber("timeMilliseconds", (run.Now - Instant.Zero).TotalMilliseconds);
        json.WriteNumber("events", run.Events);
        json.WriteString("traceHash", run.TraceHash.ToString("x16", CultureInfo.InvariantCulture));
        json.WriteStartArray("knobs");
        for (var side = 0; side < run.Worlds.Count; side++)
        {
            json.WriteStartObject();
            foreach (var knob in PlayRun.AllKnobs(SceneList.Find(run.Scene.Name)!))
            {
                json.WriteNumber(knob.Name, run.Knobs(side)[knob.Name]);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("actions");
        foreach (var action in run.Actions.Concat(run.Coming))
        {
            json.WriteStringValue(action.ToString());
        }

        json.WriteEndArray();
        WriteWorlds(json, run);
    });

    /// <summary>An error without a run.</summary>
    public static string Error(string message) => Write(json => json.WriteString("error", message));

    /// <summary>What the inspector tells of one node.</summary>
    public static string Node(PlayRun run, int side, int node) => Write(json =>
    {
        if (side < 0 || side >= run.Worlds.Count || node < 0 || node >= run.Worlds[side].Network.Nodes.Count)
        {
            json.WriteString("error", "There is no such node.");
            return;
        }

        json.WriteStartArray("facts");
        foreach (var (name, value) in run.Worlds[side].Describe(node))
        {
            json.WriteStartArray();
            json.WriteStringValue(name);
            json.WriteStringValue(value);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    });

    /// <summary>The points and lines of a scene that has a plane; none of one that has not.</summary>
    public static string Plane(PlayRun run, int side) => Write(json =>
    {
        var world = side >= 0 && side < run.Worlds.Count ? run.Worlds[side] : null;
        json.WriteStartArray("points");
        foreach (var point in world?.Points ?? [])
        {
            json.WriteStartArray();
            json.WriteNumberValue(point.Node);
            json.WriteNumberValue(point.X);
            json.WriteNumberValue(point.Y);
            json.WriteNumberValue(point.IsSecond ? 1 : 0);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteStartArray("lines");
        foreach (var line in world?.Lines ?? [])
        {
            json.WriteStartObject();
            json.WriteString("label", line.Label);
            json.WriteNumber("x", line.X);
            json.WriteNumber("y", line.Y);
            json.WriteNumber("bias", line.Bias);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>The latest merge of the first network; of a node, if one is given.</summary>
    public static string Merge(PlayRun run, int node) => Write(json =>
    {
        var world = run.Worlds[0];
        var merge = world.Recorder.Merges.Latest.LastOrDefault(merge => node < 0 || merge.Node == node);
        if (merge is not null)
        {
            WriteMerge(json, merge, world, (merge.At - Instant.Zero - (world.Network.Now - run.Now)).TotalMilliseconds);
        }
    });

    private static void WriteMerge(Utf8JsonWriter json, MergeRecord merge, World world, double at)
    {
        json.WriteNumber("node", merge.Node);
        json.WriteNumber("partner", merge.Partner);
        json.WriteBoolean("isAnswer", merge.IsAnswer);
        json.WriteNumber("timeMilliseconds", at);
        json.WriteNumber("viewSize", merge.Rules.ViewSize);
        json.WriteNumber("healing", merge.Rules.Healing);
        json.WriteNumber("swap", merge.Rules.Swap);
        WriteEntries(json, "before", merge.Before, world);
        WriteEntries(json, "received", merge.Received, world);
        WriteEntries(json, "sent", merge.Sent, world);
        var union = merge.Union();
        WriteEntries(json, "union", union, world);
        json.WriteStartArray("reasons");
        foreach (var reason in merge.Reasons(union))
        {
            json.WriteStringValue(reason);
        }

        json.WriteEndArray();
    }

    private static void WriteEntries(
        Utf8JsonWriter json, string name, IReadOnlyList<SeenEntry> entries, World world)
    {
        json.WriteStartArray(name);
        foreach (var entry in entries)
        {
            json.WriteStartArray();
            json.WriteNumberValue(world.Recorder.IndexOf(entry.Address));
            json.WriteNumberValue(entry.Age);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteWorlds(Utf8JsonWriter json, PlayRun run)
    {
        json.WriteStartArray("worlds");
        foreach (var world in run.Worlds)
        {
            json.WriteStartObject();
            json.WriteBoolean("checks", world.Recorder.Checks);
            WriteMetrics(json, run, world);
            json.WriteStartObject("broken");
            foreach (var (rule, message) in world.Recorder.Broken)
            {
                json.WriteString(rule, message);
            }

            json.WriteEndObject();
            json.WriteStartArray("lasting");
            foreach (var fault in world.Lasting)
            {
                json.WriteStringValue(fault);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteMetrics(Utf8JsonWriter json, PlayRun run, World world)
    {
        var numbers = new FrameWriter();
        world.WriteMetrics(numbers);
        json.WriteStartObject("metrics");
        for (var i = 0; i < run.Scene.Metrics.Count; i++)
        {
            var value = numbers.FloatAt(i);
            json.WritePropertyName(run.Scene.Metrics[i].Label);
            if (float.IsFinite(value))
            {
                json.WriteNumberValue(value);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndObject();
    }

    private static string Names(IReadOnlyList<IScene> scenes) => Write(json =>
    {
        json.WriteStartArray("scenes");
        foreach (var scene in scenes)
        {
            SceneJson.WriteName(json, scene.Description);
        }

        json.WriteEndArray();
        SceneJson.WriteVerbs(json, "verbs", Common.Verbs);
        SceneJson.WriteLamps(json, Common.Lamps);
    });

    private static string Write(Action<Utf8JsonWriter> content) => Text(json =>
    {
        json.WriteStartObject();
        content(json);
        json.WriteEndObject();
    });

    private static string Text(Action<Utf8JsonWriter> content)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            content(json);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
