using System.Text;
using System.Text.Json;
using Hearsay.Agent.Shell;
using Hearsay.Cli.Up.Network;

namespace Hearsay.Cli.Up.Results;

/// <summary>What a run found out, filled in as it goes; what stays null was never measured.</summary>
internal sealed class UpResult(UpSettings settings)
{
    /// <summary>Cycles from the last start until the overlay was whole, the last one begun; null if never.</summary>
    public int? CyclesToConverge { get; set; }

    /// <summary>The overlay at the end of the run.</summary>
    public OverlaySample? Overlay { get; set; }

    /// <summary>Rates and costs in steady state.</summary>
    public SteadyState? Steady { get; set; }

    /// <summary>Links to crashed nodes, by cycle after the crash.</summary>
    public List<int> DeadLinks { get; } = [];

    /// <summary>How many nodes crashed.</summary>
    public int Crashed { get; set; }

    /// <summary>The first cycle after the crash with no dead link, from 1; null if there was none.</summary>
    public int? HealCycles => DeadLinks.IndexOf(0) is >= 0 and var index ? index + 1 : null;

    /// <summary>What an exchange costs under load, beside bare sockets.</summary>
    public FloorResult? Floor { get; set; }

    /// <summary>How rumors ran; null if none did.</summary>
    public RumorResult? Rumors { get; set; }

    /// <summary>What the nodes agreed on; null if nothing.</summary>
    public AggregateResult? Aggregate { get; set; }

    /// <summary>How a map became equal again; null if none was written, or if it was not even equal before.</summary>
    public MapResult? Map { get; set; }

    /// <summary>What the nodes learned; null if nothing.</summary>
    public LearningResult? Learning { get; set; }

    /// <summary>For how many cycles they have learned so far; null until they agree on a standardisation.</summary>
    public int? LearnedCycles { get; set; }

    /// <summary>Whether a signal ended the run early.</summary>
    public bool Interrupted { get; set; }

    /// <summary>What the run was asked to do.</summary>
    public UpSettings Settings => settings;

    /// <summary>The outcome as one JSON object.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("nodes", settings.Nodes);
            json.WriteNumber("seed", settings.Seed);
            json.WriteBoolean("interrupted", Interrupted);
            WriteOptions(json);
            Number(json, "cyclesToConverge", CyclesToConverge);
            Number(json, "components", Overlay?.Components);
            Number(json, "meanViewSize", Overlay?.MeanView);
            Number(json, "inDegreeStdDev", Overlay?.InDegreeDeviation);
            Number(json, "clustering", Overlay?.Clustering);
            Number(json, "exchangesPerSecond", Steady?.ExchangesPerSecond);
            Number(json, "bytesPerNodePerSecond", Steady?.BytesPerNodePerSecond);
            Number(json, "coresUsed", Steady?.CoresUsed);
            Number(json, "workingSetBytesPerNode", Steady?.WorkingSetBytesPerNode);
            if (settings.Kill is not null)
            {
                json.WriteStartArray("deadLinks");
                DeadLinks.ForEach(json.WriteNumberValue);
                json.WriteEndArray();
                Number(json, "healCycles", HealCycles);
            }

            WriteRumors(json);
            WriteAggregate(json);
            WriteMap(json);
            WriteLearning(json);
            if (settings.Floor)
            {
                Number(json, "floorRatio", Floor?.Ratio);
                Number(json, "floorMicroseconds", Floor?.BareMicroseconds);
                Number(json, "exchangeMicroseconds", Floor?.ExchangeMicroseconds);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>What the nodes were set to, so that a run can be repeated from its result alone.</summary>
    private void WriteOptions(Utf8JsonWriter json)
    {
        var sampling = settings.Sampling;
        json.WriteStartObject("options");
        json.WriteString("cycleTime", Duration.Format(sampling.CycleTime));
        json.WriteNumber("jitter", sampling.Jitter);
        json.WriteString("selection", Word(sampling.Selection));
        json.WriteString("propagation", Word(sampling.Propagation));
        json.WriteNumber("viewSize", sampling.ViewSize);
        json.WriteNumber("healing", sampling.EffectiveHealing);
        json.WriteNumber("swap", sampling.EffectiveSwap);
        json.WriteNumber("fanout", sampling.Fanout);
        Number(json, "kill", settings.Kill);
        Number(json, "cycles", settings.Cycles);
        json.WriteEndObject();
    }

    private static string Word<T>(T choice)
        where T : struct, Enum => choice.ToString().ToLowerInvariant();

    private void WriteRumors(Utf8JsonWriter json)
    {
        if (settings.Rumors)
        {
            json.WriteStartObject("rumors");
            Number(json, "count", Rumors?.Count);
            Number(json, "delivery", Rumors?.Delivery);
            Number(json, "payloadPerNode", Rumors?.PayloadsPerNode);
            Number(json, "latencyMsP50", Rumors?.MedianMs);
            Number(json, "latencyMsP99", Rumors?.P99Ms);
            Number(json, "latencyMsMax", Rumors?.LastMs);
            json.WriteEndObject();
        }
    }

    private void WriteAggregate(Utf8JsonWriter json)
    {
        if (settings.Aggregate)
        {
            json.WriteStartObject("aggregate");
            Number(json, "truth", Aggregate?.Truth);
            Number(json, "estimate", Aggregate?.Estimate);
            Number(json, "largestError", Aggregate?.LargestError);
            Number(json, "networkSize", Aggregate?.NetworkSize);
            Number(json, "epoch", Aggregate?.Epoch);
            json.WriteEndObject();
        }
    }

    private void WriteMap(Utf8JsonWriter json)
    {
        if (settings.Map)
        {
            json.WriteStartObject("map");
            Number(json, "keys", Map?.Keys);
            Number(json, "spreadMs", Map?.SpreadMs);
            Number(json, "healedMs", Map?.HealedMs);
            Number(json, "lackedBytesPerNode", Map?.LackedBytes);
            Number(json, "receivedBytesPerNode", Map?.ReceivedBytes);
            Number(json, "lostIncrements", Map?.LostIncrements);
            json.WriteEndObject();
        }
    }

    private void WriteLearning(Utf8JsonWriter json)
    {
        if (settings.Learn is not null)
        {
            json.WriteStartObject("learning");
            json.WriteString("data", settings.LearnFrom);
            Number(json, "error", Learning?.Mean);
            Number(json, "errorWorst", Learning?.Worst);
            Number(json, "errorMedian", Learning?.Median);
            Number(json, "errorBest", Learning?.Best);
            Number(json, "simulatedError", Learning?.Simulated);
            Number(json, "centralError", Learning?.Central);
            Number(json, "localError", Learning?.Local);
            Number(json, "cycles", Learning?.Cycles);
            json.WriteEndObject();
        }
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, Math.Round(number, 4));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
