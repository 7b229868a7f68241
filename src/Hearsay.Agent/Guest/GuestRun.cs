using System.CommandLine;
using System.Diagnostics;
using System.Net.Sockets;
using Hearsay.Agent.Shell;
using Hearsay.Settings;
using Microsoft.Win32.SafeHandles;

namespace Hearsay.Agent.Guest;

/// <summary>Joins a network, does one thing there, and leaves.</summary>
internal static class GuestRun
{
    /// <summary>Runs a visit; the result is the exit code.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">Where its node goes.</param>
    /// <param name="configure">Changes the node's options.</param>
    /// <param name="visit">What it does once it has a neighbour.</param>
    public static async Task<int> RunAsync(
        ParseResult parsed, GuestOptions options, Func<GossipNodeOptions, GossipNodeOptions> configure,
        Func<GossipNode, CancellationToken, Task<int>> visit)
    {
        var error = parsed.InvocationConfiguration.Error;
        using var signals = new StopSignals();
        try
        {
            await using var node = await GossipNode
                .StartAsync(configure(options.Read(parsed)), signals.Token).ConfigureAwait(false);
            if (!await JoinAsync(node, options.Patience(parsed), error, signals.Token).ConfigureAwait(false))
            {
                foreach (var (name, isTold) in node.Events.Seeds.Unresolved)
                {
                    await error.WriteLineAsync(isTold
                        ? $"The name '{name}' is not known."
                        : $"The name '{name}' is not known yet: no name server has answered.").ConfigureAwait(false);
                }

                if (node.Events.RefusedBy is { } other)
                {
                    await error.WriteLineAsync($"{other} answers that it belongs to another cluster than "
                        + $"'{node.Options.Cluster}'. Set the cluster with --cluster.").ConfigureAwait(false);
                    return 1;
                }

                await error.WriteLineAsync($"No node answered at {string.Join(", ", node.Options.Seeds)} in cluster "
                    + $"'{node.Options.Cluster}'.").ConfigureAwait(false);
                return 1;
            }

            return await visit(node, signals.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return signals.ExitCode;
        }
        catch (ArgumentException wrong)
        {
            await error.WriteLineAsync(ArgumentText.Of(wrong)).ConfigureAwait(false);
            return ExitCode.UsageError;
        }
        catch (Exception failure) when (failure
            is IOException or SocketException or HearsayException or InvalidOperationException)
        {
            await error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return 1;
        }
    }

    /// <summary>
    /// Standard output. The console's own writer hides that nobody reads a pipe any more, and a command that stays
    /// would stay for nobody. For a file it is right: what goes through a stream of its own would not move the place
    /// at which the next command of a script writes, and be overwritten.
    /// </summary>
    public static TextWriter Output(ParseResult parsed)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (!ReferenceEquals(output, Console.Out) || !StandardStreams.IsInherited(StandardStreams.Output)
            || !Console.IsOutputRedirected || OperatingSystem.IsWindows())
        {
            return output;
        }

        var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, 0);
        return stream.CanSeek ? output : new StreamWriter(stream);
    }

    /// <summary>Waits for peers and, where messages are to be sent, for a neighbour to send them through.</summary>
    private static async Task<bool> JoinAsync(
        GossipNode node, TimeSpan patience, TextWriter error, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var trying = $"trying {string.Join(", ", node.Options.Seeds)} in cluster '{node.Options.Cluster}' ...";
        using var waiting = new Patience(error, () => Patience.IsTerminal(error)
            ? $"{trying} {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s" : trying, counts: true);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            await node.WaitForPeersAsync(1, limit.Token).ConfigureAwait(false);
            if (node.Options.Broadcast is not null)
            {
                // The neighbours are the same for every topic.
                await node.GetTopic("any").WaitForNeighboursAsync(1, limit.Token).ConfigureAwait(false);
            }

            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
