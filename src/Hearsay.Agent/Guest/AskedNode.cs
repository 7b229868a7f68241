using System.Diagnostics;
using Hearsay.Features.Maps.Asking;
using Hearsay.Protocols;

namespace Hearsay.Agent.Guest;

/// <summary>The node that <c>hearsay map --seed</c> asks: the first seed that answered.</summary>
/// <param name="node">The node of the command, which holds no maps.</param>
/// <param name="asked">The node that it asks.</param>
internal sealed class AskedNode(GossipNode node, Peer asked)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    private bool _hasAnswered;

    /// <summary>Finds it.</summary>
    /// <param name="node">The node of the command.</param>
    /// <param name="patience">How long to wait for a seed.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">No seed answers.</exception>
    public static async Task<AskedNode> FindAsync(
        GossipNode node, TimeSpan patience, CancellationToken cancellation)
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(s_look, cancellation).ConfigureAwait(false))
        {
            if (await node.JoinedThroughAsync().ConfigureAwait(false) is { } found)
            {
                return new AskedNode(node, found);
            }

            if (Stopwatch.GetElapsedTime(start) > patience)
            {
                throw new InvalidOperationException(
                    $"No node answers at {string.Join(", ", node.Options.Seeds)}. Name another one with --seed.");
            }
        }
    }

    /// <summary>Sends a request to it, and returns its answer.</summary>
    /// <exception cref="InvalidOperationException">There is none; the message names the node and what to do.
    /// </exception>
    public async Task<ReadOnlyMemory<byte>> AskAsync(ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        try
        {
            var answer = await node.RequestAsync(asked, MapCallFrame.Name, request, cancellation)
                .ConfigureAwait(false);
            _hasAnswered = true;
            return answer.Payload;
        }
        catch (RequestException none)
        {
            throw new InvalidOperationException(Why(none.Failure), none);
        }
    }

    private string Why(RequestFailure failure) => failure switch
    {
        RequestFailure.NoHandler => $"The node at {asked.Address} holds no maps, or is of a version that does not "
            + "answer for them: start it with --maps true, or name another node with --seed.",
        RequestFailure.Busy => $"The node at {asked.Address} is busy, or leaves: try again later, or name another "
            + "node with --seed.",
        RequestFailure.HandlerFailed => $"The node at {asked.Address} failed to answer: its log says why.",
        _ when _hasAnswered => $"The node at {asked.Address} does not answer any more. What it was told to write may "
            + "be written or not: look with 'hearsay map get'.",
        _ => $"The node at {asked.Address} is there, and does not answer for its maps: see whether it runs requests, "
            + "and whether its TCP port is open, or name another node with --seed.",
    };
}
