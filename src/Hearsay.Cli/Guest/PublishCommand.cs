using System.CommandLine;
using System.Text;

namespace Hearsay.Cli.Guest;

/// <summary><c>hearsay publish</c>: one message to all nodes of a network.</summary>
internal static class PublishCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var guest = new GuestOptions();
        var topic = new Argument<string>("TOPIC") { Description = "The topic, 1 to 64 bytes" };
        var text = new Argument<string>("TEXT") { Description = "The message; - reads standard input, up to 16 MiB" };
        var linger = CheckedOption.Create<TimeSpan>(
            "--linger", "How long to stay and pass the message to those who miss it. Default 1s.", "from 0s to 1h",
            (string given, out TimeSpan value) => Duration.TryParse(given, out value)
                && value <= TimeSpan.FromHours(1));
        var command = new Command("publish", "Join a network, publish one message to all its nodes, and leave.")
        {
            topic, text,
        };
        guest.AddTo(command);
        command.Options.Add(linger);
        command.SetAction((parsed, _) => GuestRun.RunAsync(
            parsed, guest, static options => options with { Aggregation = null },
            (node, cancellation) => PublishAsync(
                node, parsed.GetValue(topic)!, parsed.GetValue(text)!,
                parsed.GetValue(linger) ?? TimeSpan.FromSeconds(1), parsed.InvocationConfiguration.Output,
                cancellation)));
        return command;
    }

    private static async Task<int> PublishAsync(
        GossipNode node, string topic, string text, TimeSpan linger, TextWriter output, CancellationToken cancellation)
    {
        var payload = text == "-"
            ? await ReadInputAsync(node.Options.Broadcast!.MaximumPayloadBytes, cancellation).ConfigureAwait(false)
            : Encoding.UTF8.GetBytes(text);
        var published = await node.Topic(topic).PublishAsync(payload, cancellation).ConfigureAwait(false);
        await output.WriteLineAsync($"published {published.Id}, {payload.Length} bytes").ConfigureAwait(false);
        await Task.Delay(linger, cancellation).ConfigureAwait(false);
        return 0;
    }

    private static async Task<byte[]> ReadInputAsync(int most, CancellationToken cancellation)
    {
        using var input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        var buffer = new byte[64 << 10];
        for (int read; (read = await input.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
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
