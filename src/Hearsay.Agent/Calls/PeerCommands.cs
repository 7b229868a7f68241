using System.CommandLine;
using System.Globalization;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Calls;

/// <summary><c>hearsay peer</c>, <c>peers</c> and <c>view</c>: peers of a running agent.</summary>
internal static class PeerCommands
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All() => [Peer(), Peers(), View()];

    private static Command Peer()
    {
        var (agent, policy) = (new AgentOptions(), Policy());
        var command = new Command(
            "peer", "Ask an agent for a peer to talk to. Exit code 1 if it knows none.") { policy };
        agent.AddTo(command);
        command.SetAction((parsed, _) => CallRun.RunAsync(parsed, agent, async (client, cancellation) =>
            await CallRun.PrintAsync(
                parsed, agent,
                await client.GetAsync($"/v1/peer{Query(parsed.GetValue(policy))}", cancellation)
                    .ConfigureAwait(false),
                static peer => [PeerText.Of(peer)]).ConfigureAwait(false)));
        return command;
    }

    private static Command Peers()
    {
        var (agent, policy) = (new AgentOptions(), Policy());
        var count = CheckedOption.Integer("--count", "How many distinct peers. Default 10.", 1, 256);
        var command = new Command(
            "peers", "Ask an agent for several distinct peers. Exit code 1 if it knows none.") { count, policy };
        agent.AddTo(command, watch: true);
        command.SetAction((parsed, _) => CallRun.RunAsync(parsed, agent, (client, cancellation) =>
        {
            var wanted = (parsed.GetValue(count) ?? 10).ToString(CultureInfo.InvariantCulture);
            var path = $"/v1/peers?count={wanted}{Query(parsed.GetValue(policy), "&")}";
            return CallRun.ShowAsync(
                parsed, agent, () => client.GetAsync(path, cancellation), PeerText.Table, cancellation);
        }));
        return command;
    }

    private static Command View()
    {
        var agent = new AgentOptions();
        var command = new Command("view", "Show all peers that an agent knows at this moment.");
        agent.AddTo(command, watch: true);
        command.SetAction((parsed, _) => CallRun.RunAsync(parsed, agent, (client, cancellation) => CallRun.ShowAsync(
            parsed, agent, () => client.GetAsync("/v1/view", cancellation), PeerText.Table, cancellation)));
        return command;
    }

    private static Option<string> Policy() => new("--policy")
    {
        Description = "How peers are chosen: uniform-without-replacement (default), uniform-with-replacement, head or "
            + "tail",
        HelpName = "WORD",
    };

    private static string Query(string? policy, string sign = "?") =>
        policy is null ? string.Empty : $"{sign}policy={Uri.EscapeDataString(policy)}";
}
