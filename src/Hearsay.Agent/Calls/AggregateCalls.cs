using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Calls;

/// <summary><c>hearsay aggregate</c> through a running agent.</summary>
internal static class AggregateCalls
{
    /// <summary>A value may come too late for one epoch, so it takes two without any.</summary>
    private const int EmptyEpochs = 2;

    /// <summary>
    /// Takes part, and prints the first estimate that is wanted, or all of them. The agent goes on taking part, and its
    /// value counts until its lease is over.
    /// </summary>
    /// <param name="client">The agent.</param>
    /// <param name="name">Of the aggregate.</param>
    /// <param name="definition">As the agent reads it.</param>
    /// <param name="value">As the agent reads it; null for none.</param>
    /// <param name="follows">Whether it stays until it is cancelled.</param>
    /// <param name="within">The share of the value that is error enough; null for a whole epoch.</param>
    /// <param name="output">Where estimates go.</param>
    /// <param name="error">Where it is said what is waited for.</param>
    /// <param name="isJson">Whether they go there as they came.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<int> RunAsync(
        AgentClient client, string name, string definition, string? value, bool follows, double? within,
        TextWriter output, TextWriter error, bool isJson, CancellationToken cancellation)
    {
        var path = $"/v1/aggregates/{Uri.EscapeDataString(name)}";
        var least = value is null ? 0 : await FirstEpochWithAsync(client, path, cancellation).ConfigureAwait(false);
        await client.PutAsync(path, definition, cancellation).ConfigureAwait(false);
        if (value is not null)
        {
            await client.PutAsync($"{path}/value", value, cancellation).ConfigureAwait(false);
        }

        var (waitsFor, empty, began) = ("no estimate yet", 0, Stopwatch.GetTimestamp());
        using var waiting = new Patience(
            error, () => $"the agent takes part; {waitsFor}, {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s ...",
            counts: true);
        var events = client.ListenAsync($"{path}/events", static () => Task.CompletedTask, cancellation);
        await foreach (var (kind, estimate) in events.ConfigureAwait(false))
        {
            if (kind != "estimate")
            {
                continue;
            }

            waitsFor = Waiting(estimate);
            if (value is null && !follows && IsEmpty(estimate) && ++empty == EmptyEpochs)
            {
                waiting.Dispose();
                await error.WriteLineAsync($"No node has a value for '{name}'.").ConfigureAwait(false);
                return CallRun.No;
            }

            if (!follows && (estimate.GetProperty("epoch").GetInt64() < least || !IsWanted(estimate, within)))
            {
                continue;
            }

            waiting.Dispose();
            await output.WriteLineAsync(isJson ? $"{estimate}" : Text(name, estimate)).ConfigureAwait(false);
            await output.FlushAsync(cancellation).ConfigureAwait(false);
            if (!follows)
            {
                return 0;
            }

            if (value is not null && estimate.GetProperty("isFinal").GetBoolean())
            {
                // Once an epoch: the lease is three of them by default.
                await client.PutAsync($"{path}/value", value, cancellation).ConfigureAwait(false);
            }
        }

        waiting.Dispose();
        return await CallRun.EndedAsync(error).ConfigureAwait(false);
    }

    /// <summary>
    /// The first epoch in which a value that is given now surely counts. Where the aggregate runs already, that is the
    /// one after the epoch under way, which may have gone too far.
    /// </summary>
    private static async Task<long> FirstEpochWithAsync(
        AgentClient client, string path, CancellationToken cancellation)
    {
        const int NotThere = 404;
        var (_, answer) = await client.TryAsync(HttpMethod.Get, path, null, cancellation, alsoTakes: NotThere)
            .ConfigureAwait(false);
        using var known = JsonDocument.Parse(answer);
        return Math.Max(After(known, "latest", 1), After(known, "final", 2));
    }

    private static long After(JsonDocument known, string which, int epochs) =>
        known.RootElement.TryGetProperty(which, out var estimate) && estimate.ValueKind == JsonValueKind.Object
            ? estimate.GetProperty("epoch").GetInt64() + epochs : 0;

    /// <summary>An epoch that is over and in which nobody had a value.</summary>
    private static bool IsEmpty(JsonElement estimate) => estimate.GetProperty("isFinal").GetBoolean()
        && !estimate.GetProperty("isReady").GetBoolean()
        && estimate.GetProperty("value").ValueKind != JsonValueKind.Number;

    private static string Waiting(JsonElement estimate)
    {
        var so = estimate.GetProperty("value").ValueKind == JsonValueKind.Number
            ? $"{Number(estimate, "value", "G4")} ± {Number(estimate, "error", "G2")} so far" : "no estimate yet";
        return $"{so} in cycle {estimate.GetProperty("cycle")} of epoch {estimate.GetProperty("epoch")}";
    }

    private static bool IsWanted(JsonElement estimate, double? within)
    {
        var isReady = estimate.GetProperty("isReady").GetBoolean();
        return isReady && (estimate.GetProperty("isFinal").GetBoolean()
            || (within is { } share && estimate.GetProperty("error") is { ValueKind: JsonValueKind.Number } error
                && error.GetDouble() <= share * Math.Abs(estimate.GetProperty("value").GetDouble())));
    }

    private static string Text(string name, JsonElement estimate)
    {
        var number = estimate.GetProperty("isReady").GetBoolean()
            ? $"{Number(estimate, "value", "G9")} ± {Number(estimate, "error", "G2")}" : "not ready";
        var isFinal = estimate.GetProperty("isFinal").GetBoolean();
        return $"{name}: {number}, epoch {estimate.GetProperty("epoch")}, cycle {estimate.GetProperty("cycle")}"
            + (isFinal ? ", final" : string.Empty);
    }

    private static string Number(JsonElement estimate, string field, string format) =>
        estimate.GetProperty(field) is { ValueKind: JsonValueKind.Number } number
            ? number.GetDouble().ToString(format, CultureInfo.InvariantCulture) : "?";
}
