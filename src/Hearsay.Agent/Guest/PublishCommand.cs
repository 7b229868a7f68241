using System.CommandLine;
using System.Text;
using Hearsay.Agent.Calls;
using Hearsay.Agent.Shell;
using Hearsay.Protocols;

namespace Hearsay.Agent.Guest;

/// <summary><c>hearsay publish</c>: one message to all nodes of a network.</summary>
internal static class PublishCommand
{
    private static readonly BroadcastOptions s_defaults = new();

    /// <summary>When nobody new has acknowledged a message for so long, nobody will.</summary>
    private static readonly TimeSpan Still = TimeSpan.FromSeconds(3);

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var guest = new GuestOptions();
        var topic = GuestOptions.Topic();
        var text = new Argument<string>("TEXT") { Description = "The message; - reads standard input, up to 16 MiB" };
        var linger = CheckedOption.Create<TimeSpan>(
            "--linger", "As a guest: how long to stay and pass the message to nodes that lack it. Default 1s.",
            "from 0s to 1h",
            (string given, out TimeSpan value) => Duration.TryParse(given, out value)
                && value <= TimeSpan.FromHours(1));
        var track = new Option<bool>("--track")
        {
            Description = "Print how many nodes acknowledged it, once no more do; exit code 1 if none did",
        };
        var command = new Command(
            "publish", "Publish one message to all nodes, through an agent or, with --seed, as a guest.")
        {
            topic, text,
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object" };
        guest.AddTo(command);
        guest.NeedSeeds(linger);
        command.Options.Add(linger);
        command.Options.Add(track);
        command.Options.Add(json);
        command.SetAction((parsed, _) => guest.RunAsync(
            parsed,
            async (client, cancellation) => await TopicCalls.PublishAsync(
                client, new PublishTeller(parsed.InvocationConfiguration, parsed.GetValue(json)),
                parsed.GetValue(topic)!,
                await PayloadAsync(parsed.GetValue(text)!, s_defaults.MaximumPayloadBytes, cancellation)
                    .ConfigureAwait(false),
                parsed.GetValue(track), cancellation).ConfigureAwait(false),
            static options => options with { Aggregation = null },
            async (node, cancellation) =>
            {
                var payload = await PayloadAsync(
                    parsed.GetValue(text)!, node.Options.Broadcast!.MaximumPayloadBytes, cancellation)
                    .ConfigureAwait(false);
                var teller = new PublishTeller(parsed.InvocationConfiguration, parsed.GetValue(json));
                var stay = Task.Delay(parsed.GetValue(linger) ?? TimeSpan.FromSeconds(1), cancellation);
                var code = parsed.GetValue(track) || payload.Length > node.Options.Broadcast!.EagerPayloadBytes
                    ? await TrackAsync(
                        node.GetTopic(parsed.GetValue(topic)!), payload, guest.Patience(parsed), parsed.GetValue(track),
                        teller, cancellation).ConfigureAwait(false)
                    : await PublishAsync(node.GetTopic(parsed.GetValue(topic)!), payload, teller, cancellation)
                        .ConfigureAwait(false);
                using var lingering = new Patience(
                    parsed.InvocationConfiguration.Error, () => "staying to pass the message on (--linger) ...");
                await stay.ConfigureAwait(false);
                return code;
            }));
        return command;
    }

    private static async Task<byte[]> PayloadAsync(string given, int most, CancellationToken cancellation) =>
        given == "-" ? await ReadInputAsync(most, cancellation).ConfigureAwait(false) : Encoding.UTF8.GetBytes(given);

    private static async Task<int> PublishAsync(
        Topic topic, byte[] payload, PublishTeller teller, CancellationToken cancellation)
    {
        var published = await topic.PublishAsync(payload, cancellation).ConfigureAwait(false);
        await teller.PublishedAsync($"{published.Id}", payload.Length, isTracked: false).ConfigureAwait(false);
        return 0;
    }

    /// <summary>
    /// Stays until another node has it: a large message is fetched in chunks, and lost if its publisher leaves before.
    /// </summary>
    private static async Task<int> TrackAsync(
        Topic topic, byte[] payload, TimeSpan patience, bool tellsReach, PublishTeller teller,
        CancellationToken cancellation)
    {
        var published = await topic.PublishTrackedAsync(payload, cancellation).ConfigureAwait(false);
        await teller.PublishedAsync($"{published.Id}", payload.Length, tellsReach).ConfigureAwait(false);
        using var waiting = new Patience(teller.Error, () => "acknowledged by "
            + $"{Counted.Of(Math.Max(0, published.NodesReached - 1), "other node")} so far, waiting for more ...");
        if (!await GrowsAsync(published, 1, patience, cancellation).ConfigureAwait(false))
        {
            var within = $" within {patience.TotalSeconds:0.#} s";
            return await (tellsReach ? teller.ReachedAsync(0, within) : teller.UnheardAsync(within))
                .ConfigureAwait(false);
        }

        if (tellsReach)
        {
            long reached;
            do
            {
                reached = published.NodesReached;
            }
            while (await GrowsAsync(published, reached, Still, cancellation).ConfigureAwait(false));

            return await teller.ReachedAsync(reached - 1).ConfigureAwait(false);
        }

        return 0;
    }

    private static async Task<bool> GrowsAsync(
        TrackedMessage message, long reached, TimeSpan patience, CancellationToken cancellation)
    {
        using var still = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        still.CancelAfter(patience);
        try
        {
            await message.WaitForNodesAsync(reached + 1, still.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task<byte[]> ReadInputAsync(int most, CancellationToken cancellation)
    {
        if (!StandardStreams.IsInherited(StandardStreams.Input))
        {
            throw new ArgumentException("Standard input is closed: give the message as an argument.");
        }

        using var input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        var buffer = new byte[64 << 10];

        // A read of a terminal or a pipe cannot be cancelled once it waits: it is left behind.
        for (int read; (read = await input.ReadAsync(buffer, cancellation).AsTask().WaitAsync(cancellation)
            .ConfigureAwait(false)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > most)
            {
                throw new ArgumentException($"A message has at most {most} bytes; standard input has more.");
            }
        }

        return bytes.ToArray();
    }
}
