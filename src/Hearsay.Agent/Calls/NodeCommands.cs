using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Calls;

/// <summary><c>hearsay info</c>, <c>metadata</c>, <c>health</c>, <c>leave</c> and <c>events</c>: a running agent.
/// </summary>
internal static class NodeCommands
{
    private const int NotWell = 503;

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All() => [Info(), Metadata(), Health(), Leave(), Events()];

    private static Command Info()
    {
        var agent = new AgentOptions();
        var command = new Command("info", "Show who an agent is.");
        agent.AddTo(command, watch: true);
        command.SetAction((parsed, _) => CallRun.RunAsync(parsed, agent, (client, cancellation) => CallRun.ShowAsync(
            parsed, agent, () => client.GetAsync("/v1/node", cancellation), InfoLines, cancellation)));
        return command;
    }

    private static Command Metadata()
    {
        var agent = new AgentOptions();
        var peer = new Argument<string?>("PEER")
        {
            Description = "The id of a peer; without it, the agent's own metadata",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var set = new Option<string>("--set")
        {
            Description = "Change what the agent says of itself; at most 256 bytes", HelpName = "TEXT",
        };
        var command = new Command("metadata", "Show or change what an agent or a peer of it says of itself.")
        {
            peer, set,
        };
        agent.AddTo(command);
        command.SetAction((parsed, _) => CallRun.RunAsync(parsed, agent, async (client, cancellation) =>
        {
            var (id, text) = (parsed.GetValue(peer), parsed.GetValue(set));
            if (text is not null)
            {
                if (id is not null)
                {
                    throw new ArgumentException("--set changes the agent's own metadata, not that of a peer.");
                }

                await client.PutAsync("/v1/node/metadata", text, cancellation).ConfigureAwait(false);
                return 0;
            }

            var path = id is null ? "/v1/node" : $"/v1/peers/{Uri.EscapeDataString(id)}/metadata";
            return await CallRun.PrintAsync(
                parsed, agent, await client.GetAsync(path, cancellation).ConfigureAwait(false),
                static told => [PeerText.Metadata(told.GetProperty("metadata"))]).ConfigureAwait(false);
        }));
        return command;
    }

    private static Command Health()
    {
        var agent = new AgentOptions();
        var live = new Option<bool>("--live")
        {
            Description = "For probes that restart an agent: exit code 1 only if its node stands still or has stopped",
        };
        var command = new Command(
            "health", "Show how an agent is. Exit code 1 if it is not healthy. Needs no token.");
        command.Options.Add(live);
        agent.AddTo(command, watch: true);
        command.SetAction((parsed, _) => CallRun.RunAsync(parsed, agent, async (client, cancellation) =>
        {
            var isWell = false;
            var path = parsed.GetValue(live) ? "/v1/health/live" : "/v1/health/ready";
            async Task<string> AskAsync()
            {
                (var status, var answer) = await client.TryAsync(
                    HttpMethod.Get, path, null, cancellation, NotWell).ConfigureAwait(false);
                isWell = status != NotWell;
                return answer;
            }

            await CallRun.ShowAsync(
                parsed, agent, AskAsync,
                static health =>
                [
                    $"{health.GetProperty("state").GetString()}, "
                        + Counted.Of(health.GetProperty("peers").GetInt64(), "peer"),
                ],
                cancellation).ConfigureAwait(false);
            return isWell ? 0 : CallRun.No;
        }));
        return command;
    }

    private static Command Leave()
    {
        var agent = new AgentOptions();
        var command = new Command(
            "leave", "Let an agent leave its network and end. Exit code 1 if messages were not handed over.");
        agent.AddTo(command);
        command.SetAction((parsed, _) => CallRun.RunAsync(parsed, agent, async (client, cancellation) =>
        {
            var answer = await client.CallAsync(HttpMethod.Post, "/v1/leave", null, cancellation)
                .ConfigureAwait(false);
            await CallRun.PrintAsync(parsed, agent, answer, static left =>
                [left.GetProperty("isComplete").GetBoolean()
                    ? "left" : $"left; not handed over: {string.Join(' ',
                        left.GetProperty("notHandedOver").EnumerateArray())}"]).ConfigureAwait(false);
            using var json = JsonDocument.Parse(answer);
            return json.RootElement.GetProperty("isComplete").GetBoolean() ? 0 : CallRun.No;
        }));
        return command;
    }

    private static Command Events()
    {
        var agent = new AgentOptions();
        var command = new Command("events", "Print what happens to an agent: its view, health and identity.");
        agent.AddTo(command);
        command.SetAction((parsed, _) => CallRun.RunAsync(parsed, agent, async (client, cancellation) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            await foreach (var (name, data) in client.ListenAsync(
                "/v1/events", static () => Task.CompletedTask, cancellation).ConfigureAwait(false))
            {
                var lines = agent.IsJson(parsed) ? [$$"""{"event":"{{name}}","data":{{data}}}"""]
                    : Lines(name, data);
                foreach (var line in lines)
                {
                    await output.WriteLineAsync(line).ConfigureAwait(false);
                }

                await output.FlushAsync(cancellation).ConfigureAwait(false);
            }

            return await CallRun.EndedAsync(parsed.InvocationConfiguration.Error).ConfigureAwait(false);
        }));
        return command;
    }

    private static IEnumerable<string> Lines(string name, JsonElement data) => name switch
    {
        "view" => data.GetProperty("peers").EnumerateArray().Select(static peer => $"view     {PeerText.Of(peer)}"),
        "added" or "removed" or "updated" => [$"{name,-8} {PeerText.Of(data)}"],
        "health" => [$"health   {data.GetProperty("state").GetString()}"],
        "identity" => [$"identity {data.GetProperty("id").GetString()}"],
        _ => [$"{name,-8} {data}"],
    };

    private static IEnumerable<string> InfoLines(JsonElement node)
    {
        yield return $"id            {node.GetProperty("id").GetString()}";
        yield return $"addresses     {string.Join(' ', node.GetProperty("addresses").EnumerateArray())}";
        yield return $"cluster       {node.GetProperty("cluster").GetString()}";
        yield return $"security      {node.GetProperty("security").GetString()}";
        yield return $"health        {node.GetProperty("health").GetString()}";
        yield return $"peers         {node.GetProperty("peers")} of at most {node.GetProperty("viewSize")}";
        yield return $"network size  {SizeOf(node.GetProperty("networkSize"))}";
        yield return $"metadata      {PeerText.Metadata(node.GetProperty("metadata"))}".TrimEnd();
        yield return $"version       {node.GetProperty("version").GetString()}";
    }

    private static string SizeOf(JsonElement size) => size.ValueKind == JsonValueKind.Null
        ? "not known yet" : string.Create(CultureInfo.InvariantCulture, $"about {size.GetDouble():0}");
}
