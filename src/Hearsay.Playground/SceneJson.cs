using System.Text.Json;
using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground;

/// <summary>The description of a scene as JSON.</summary>
internal static class SceneJson
{
    /// <summary>Writes what a list of scenes says of a scene.</summary>
    public static void WriteName(Utf8JsonWriter json, SceneDescription about)
    {
        json.WriteStartObject();
        json.WriteString("name", about.Name);
        json.WriteString("title", about.Title);
        json.WriteString("question", about.Question);
        json.WriteString("preset", about.Preset);
        json.WriteEndObject();
    }

    /// <summary>Writes a scene.</summary>
    public static void Write(Utf8JsonWriter json, IScene scene) =>
        Write(json, scene.Description, PlayRun.AllKnobs(scene));

    /// <summary>Writes what is shown, of a scene or of nodes that live somewhere.</summary>
    public static void Write(Utf8JsonWriter json, SceneDescription about, IReadOnlyList<Knob> knobs)
    {
        json.WriteStartObject();
        json.WriteString("name", about.Name);
        json.WriteString("title", about.Title);
        json.WriteString("question", about.Question);
        WriteTexts(json, "text", about.Text);
        json.WriteString("preset", about.Preset);
        json.WriteString("lens", about.Lens);
        json.WriteNumber("speed", about.Speed);
        json.WriteString("chapter", about.Chapter);
        WriteTexts(json, "linkKinds", about.LinkKinds);
        json.WriteString("marked", about.Marked);
        if (about.Plane is { } plane)
        {
            json.WriteStartObject("plane");
            json.WriteNumber("line", plane.Line);
            json.WriteNumber("reach", plane.Reach);
            json.WriteString("help", plane.Help);
            json.WriteEndObject();
        }

        if (about.Matrix is { } matrix)
        {
            json.WriteStartObject("matrix");
            json.WriteString("label", matrix.Label);
            json.WriteString("help", matrix.Help);
            json.WriteEndObject();
        }

        json.WriteStartArray("knobs");
        foreach (var knob in knobs)
        {
            WriteKnob(json, knob);
        }

        json.WriteEndArray();
        WriteNumbers(json, about);
        WriteVerbs(json, "verbs", about.Verbs);
        WriteLamps(json, about.Lamps);
        if (about.Prediction is { } prediction)
        {
            WritePrediction(json, prediction);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes what a visitor can do.</summary>
    public static void WriteVerbs(Utf8JsonWriter json, string name, IReadOnlyList<Verb> verbs)
    {
        json.WriteStartArray(name);
        foreach (var verb in verbs)
        {
            json.WriteStartObject();
            json.WriteString("name", verb.Name);
            json.WriteString("label", verb.Label);
            json.WriteString("help", verb.Help);
            json.WriteString("target", verb.Target);
            json.WriteNumber("durationMilliseconds", verb.Duration.TotalMilliseconds);
            json.WriteNumber("amount", verb.Amount);
            json.WriteNumber("most", verb.Most);
            json.WriteString("unit", verb.Unit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes lamps.</summary>
    public static void WriteLamps(Utf8JsonWriter json, IReadOnlyList<Lamp> lamps)
    {
        json.WriteStartArray("lamps");
        foreach (var lamp in lamps)
        {
            json.WriteStartObject();
            WriteTexts(json, "rules", lamp.Rules);
            json.WriteString("label", lamp.Label);
            json.WriteString("help", lamp.Help);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteKnob(Utf8JsonWriter json, Knob knob)
    {
        json.WriteStartObject();
        json.WriteString("name", knob.Name);
        json.WriteString("label", knob.Label);
        json.WriteString("unit", knob.Unit);
        json.WriteString("help", knob.Help);
        json.WriteNumber("default", knob.Default);
        json.WriteNumber("minimum", knob.Minimum);
        json.WriteNumber("maximum", knob.Maximum);
        json.WriteNumber("step", knob.Step);
        WriteTexts(json, "choices", knob.Choices);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, SceneDescription about)
    {
        json.WriteStartArray("values");
        foreach (var value in about.Values)
        {
            json.WriteStartObject();
            json.WriteString("label", value.Label);
            json.WriteString("scale", value.Scale);
            json.WriteNumber("least", value.Least);
            json.WriteNumber("most", value.Most);
            WriteTexts(json, "words", value.Words);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("metrics");
        foreach (var metric in about.Metrics)
        {
            json.WriteStartObject();
            json.WriteString("label", metric.Label);
            json.WriteString("unit", metric.Unit);
            json.WriteString("help", metric.Help);
            json.WriteBoolean("logarithmic", metric.Logarithmic);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePrediction(Utf8JsonWriter json, Prediction prediction)
    {
        json.WriteStartObject("prediction");
        json.WriteString("question", prediction.Question);
        json.WriteNumber("side", prediction.Side);
        json.WriteNumber("metric", prediction.Metric);
        json.WriteNumber("atMilliseconds", prediction.At.TotalMilliseconds);
        json.WriteString("why", prediction.Why);
        json.WriteStartArray("answers");
        foreach (var answer in prediction.Answers)
        {
            json.WriteStartObject();
            json.WriteString("text", answer.Text);
            json.WriteNumber("least", answer.Least);
            json.WriteNumber("below", answer.Below);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
