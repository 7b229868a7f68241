using System.CommandLine;
using System.Text;
using System.Text.Json;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Calls;

/// <summary><c>hearsay ask</c>: a running agent asks a peer of its view.</summary>
internal static class AskCommand
{
    /// <summary>In place of an id: a peer that the agent draws.</summary>
    private const string Any = "any";

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var agent = new AgentOptions();
        var peer = new Argument<string>("PEER")
        {
            Description = $"The id of a peer that the agent knows, or '{Any}' for one that it draws",
        };
        var name = new Argument<string>("NAME") { Description = "What the peer's handler is called" };
        var text = new Argument<string>("TEXT")
        {
            Description = "What is asked. Default: nothing", DefaultValueFactory = static _ => string.Empty,
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "ask", "Let an agent ask one peer, and print the answer. Exit code 1 if the peer has no such handler, is "
            + "busy or does not answer.")
        {
            peer, name, text,
        };
        agent.AddTo(command);
        command.SetAction((parsed, _) => CallRun.RunAsync(parsed, agent, async (client, cancellation) =>
        {
            var id = parsed.GetValue(peer)!;
            if (id == Any)
            {
                using var drawn = JsonDocument.Parse(
                    await client.GetAsync("/v1/peer", cancellation).ConfigureAwait(false));
                id = drawn.RootElement.GetProperty("id").GetString()!;
            }

            var answer = await client.CallAsync(
                HttpMethod.Post,
                $"/v1/peers/{Uri.EscapeDataString(id)}/requests/{Uri.EscapeDataString(parsed.GetValue(name)!)}",
                Encoding.UTF8.GetBytes(parsed.GetValue(text)!), cancellation).ConfigureAwait(false);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                agent.IsJson(parsed) ? JsonOf(id, answer) : TerminalText.Printable(answer)).ConfigureAwait(false);
            return 0;
        }));
        return command;
    }

    private static string JsonOf(string peer, string answer) => JsonLine.Of(json =>
    {
        json.WriteString("peer", peer);
        json.WriteString("text", answer);
    });
}
