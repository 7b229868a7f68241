using System.Globalization;
using System.Text.Json;
using Hearsay.Protocols;
using Hearsay.Simulation.Traces;

namespace Hearsay.Simulation;

/// <content>The lines of a trace.</content>
public sealed partial class NetworkTrace
{
    private void WriteHead()
    {
        var json = _lines.Begin();
        json.WriteString("hearsay", "trace");
        json.WriteNumber("version", Version);
        json.WriteString("title", _options.Title);
        json.WriteString("text", _options.Text);
        json.WriteStartArray("values");
        foreach (var value in _options.Values)
        {
            WriteLabel(json, value.Label, value.Least, value.Most);
        }

        foreach (var label in TraceOverlay.ValueLabels(areViews: _options.Links is null))
        {
            WriteLabel(json, label, 0, 20);
        }

        json.WriteEndArray();
        json.WriteStartArray("metrics");
        foreach (var (label, unit) in _options.Metrics.Count == 0 ? TraceOverlay.MetricLabels
            : _options.Metrics.Select(static metric => (metric.Label, metric.Unit)))
        {
            json.WriteStartObject();
            json.WriteString("label", label);
            json.WriteString("unit", unit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("frames");
        foreach (var ((protocol, type), name) in _options.FrameNames)
        {
            json.WriteString(((protocol * 32) + type).ToString(CultureInfo.InvariantCulture), name);
        }

        json.WriteEndObject();
        _lines.End();
    }

    private static void WriteLabel(Utf8JsonWriter json, string label, double least, double most)
    {
        json.WriteStartObject();
        json.WriteString("label", label);
        json.WriteNumber("least", least);
        json.WriteNumber("most", most);
        json.WriteEndObject();
    }

    private void Write(string name, string text)
    {
        WritePacket();
        var json = _lines.Begin();
        json.WriteString(name, text);
        _lines.End();
    }

    private void WritePacket()
    {
        if (_packet is not { } packet)
        {
            return;
        }

        _packet = null;
        if (IsFull)
        {
            return;
        }

        var json = _lines.Begin();
        json.WriteNumber("t", Milliseconds(packet.At));
        json.WriteNumber("from", packet.From);
        json.WriteNumber("to", packet.To < MaximumNodes ? packet.To : -1);
        json.WriteNumber("kind", packet.Kind);
        json.WriteNumber("bytes", packet.Bytes);
        if (packet.Arrives is { } arrives)
        {
            json.WriteNumber("arrives", Milliseconds(arrives));
        }

        _lines.End();
    }

    /// <summary>Whether nothing more is told, because of the time or the length of the file.</summary>
    private bool IsOver()
    {
        if (_network.Now - Instant.Zero > LongestTime)
        {
            _lines.Close();
        }

        return IsFull;
    }

    /// <summary>Tells of all nodes that have changed, and of the network.</summary>
    private void Look()
    {
        WritePacket();
        _next = _network.Now + _options.Every;
        if (IsOver())
        {
            return;
        }

        var overlay = new TraceOverlay(_network, Nodes, _options.Links);
        for (var i = 0; i < Nodes; i++)
        {
            WriteNode(overlay, _network.Nodes[i]);
        }

        var json = _lines.Begin();
        json.WriteNumber("t", Milliseconds(_network.Now));
        json.WriteStartArray("metrics");
        foreach (var number in _options.Metrics.Count == 0
            ? overlay.Measure() : _options.Metrics.Select(metric => metric.Read(_network)))
        {
            TraceLines.Number(json, number);
        }

        json.WriteEndArray();
        _lines.End();
    }

    private void WriteNode(TraceOverlay overlay, VirtualNode node)
    {
        var json = _lines.Begin();
        json.WriteNumber("node", node.Index);
        json.WriteBoolean("up", node.IsUp);
        WriteIf(json, "paused", node.PausedUntil > _network.Now);
        WriteIf(json, "slow", node.Slowness > TimeSpan.Zero);
        WriteIf(json, "marked", _options.IsMarked?.Invoke(node) ?? false);
        var links = node.IsUp ? overlay.LinksOf(node) : [];
        json.WriteStartArray("values");
        foreach (var value in _options.Values)
        {
            TraceLines.Number(json, value.Read(node));
        }

        json.WriteNumberValue(overlay.InDegree(node.Index));
        json.WriteNumberValue(links.Count);
        TraceLines.Number(json, TraceOverlay.MeanAge(node));
        json.WriteEndArray();
        json.WriteStartArray("links");
        foreach (var (to, age) in links)
        {
            json.WriteStartArray();
            json.WriteNumberValue(to);
            json.WriteNumberValue(age);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        if (IsNews(node.Index))
        {
            json.WriteNumber("t", Milliseconds(_network.Now));
            _lines.End();
        }
    }

    private static void WriteIf(Utf8JsonWriter json, string name, bool holds)
    {
        if (holds)
        {
            json.WriteBoolean(name, true);
        }
    }

    /// <summary>Whether the line that was begun says of a node what was not told.</summary>
    private bool IsNews(int node)
    {
        var line = _lines.SoFar;
        if (node < _told.Count && line.SequenceEqual(_told[node]))
        {
            return false;
        }

        if (node == _told.Count)
        {
            _told.Add([]);
        }

        _told[node] = line.ToArray();
        return true;
    }
}
