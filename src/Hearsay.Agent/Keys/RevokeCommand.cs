using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Hearsay.Addresses;
using Hearsay.Agent.Shell;
using Hearsay.Protocols;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Security.Identity;

namespace Hearsay.Agent.Keys;

/// <summary>
/// <c>hearsay keys revoke</c>: signs that a node is admitted no more, and tells a running cluster. For that it joins as
/// a node of its own, which the admission key admits for an hour.
/// </summary>
internal static class RevokeCommand
{
    /// <summary>It stays for so long, to tell more nodes than one: each tells all that it is connected to.</summary>
    private static readonly TimeSpan Stay = TimeSpan.FromSeconds(3);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var node = new Argument<string>("NODE")
        {
            Description = "The id of the node, or its public keys, or the file with them",
        };
        var (admission, cluster) = (IdentityCommands.AdmissionFile(), IdentityCommands.Cluster());
        var seeds = new Option<string[]>("--seed")
        {
            Description = "A node of the cluster to tell, by address or DNS name; may be repeated",
            HelpName = "HOST[:PORT]", Required = true,
        };
        var patience = CheckedOption.Create<TimeSpan>(
            "--patience", "How long to look for the cluster before giving up. Default 30s.", "from 100ms to 1h",
            (string text, out TimeSpan time) => Duration.TryParse(text, out time)
                && time >= TimeSpan.FromMilliseconds(100) && time <= TimeSpan.FromHours(1));
        var command = new Command(
            "revoke", "Take the admission of a node back, at once among the nodes that are connected. Nodes that "
                + "cannot be reached refuse it when its token ends, at the latest.")
        {
            node, admission, cluster, seeds, patience,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed,
            () => Read(parsed.GetValue(node)!, parsed.GetValue(admission)!, parsed.GetValue(cluster) ?? "default",
                parsed.GetValue(seeds)!),
            parsed.GetValue(patience) ?? TimeSpan.FromSeconds(30),
            cancellation));
        return command;
    }

    private static (GossipNodeOptions Options, NodeId Revoked) Read(
        string node, string admission, string cluster, string[] seeds)
    {
        var (id, key, now) = (IdOf(node), AdmissionKey.Read(admission), DateTimeOffset.UtcNow);
        var credentials = NodeCredentials.Make(key, "hearsay keys revoke", cluster, now);
        credentials.Revocations.Add(key.Revoke(id, cluster, now));
        var options = new GossipNodeOptions
        {
            Seeds = seeds, Cluster = cluster, Security = ClusterSecurity.FromCredentials(credentials),
            Bind = Array.TrueForAll(seeds, IsHere) ? "127.0.0.1:0" : "0.0.0.0:0",
            Sampling = PeerSamplingOptions.Recommended with { CycleTime = TimeSpan.FromMilliseconds(250) },
        };
        return (options, id);
    }

    private static NodeId IdOf(string node)
    {
        if (NodeId.TryParse(node, out var id))
        {
            return id;
        }

        return AdmissionRequest.TryReadId(KeyText.Resolve(node, KeyText.Node), out id)
            ? id
            : throw new IOException($"'{node}' is neither the id of a node nor its public keys.");
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, Func<(GossipNodeOptions Options, NodeId Revoked)> read, TimeSpan patience,
        CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        try
        {
            var (options, revoked) = read();
            await using var node = await GossipNode.StartAsync(options, cancellation).ConfigureAwait(false);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(patience);
            try
            {
                await node.WaitForPeersAsync(1, limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                await error.WriteLineAsync($"No node answered at {string.Join(", ", options.Seeds)} in cluster "
                    + $"'{options.Cluster}': nobody was told.").ConfigureAwait(false);
                return ExitCode.Failed;
            }

            await Task.Delay(Stay, cancellation).ConfigureAwait(false);
            var told = node.Loop.Core.State.Envelope is IdentityEnvelope envelope ? envelope.Security.Informed : 0;
            await output.WriteLineAsync(
                $"Node {revoked} is revoked. Told: {told}, who tell the others.")
                .ConfigureAwait(false);
            return 0;
        }
        catch (ArgumentException wrong)
        {
            await error.WriteLineAsync(wrong.Message).ConfigureAwait(false);
            return ExitCode.UsageError;
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            await error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    private static bool IsHere(string seed) =>
        HostPort.TryParse(seed, GossipNodeOptions.DefaultPort, out var parsed)
        && (parsed.Address is { } address ? IPAddress.IsLoopback(address) : parsed.Host == "localhost");
}
