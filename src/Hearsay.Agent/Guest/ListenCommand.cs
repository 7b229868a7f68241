using System.CommandLine;
using System.Text.Json;
using Hearsay.Agent.Calls;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Guest;

/// <summary><c>hearsay listen</c>: prints what is published under a topic.</summary>
internal static class ListenCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var guest = new GuestOptions();
        var topic = GuestOptions.Topic();
        var count = CheckedOption.Integer(
            "--count", "The number of messages after which to leave. Default: stay until Ctrl-C.", 1, int.MaxValue);
        var held = new Option<bool>("--held")
        {
            Description = "As a guest, first print the messages that the network still holds",
        };
        var ordered = new Option<bool>("--in-order")
        {
            Description = "As a guest, print each publisher's messages in their order",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object per line, payload in base64" };
        var command = new Command(
            "listen", "Print what is published under a topic, through an agent or, with --seed, as a guest.")
        {
            topic,
        };
        guest.AddTo(command);
        guest.NeedSeeds(held, ordered);
        command.Options.Add(count);
        command.Options.Add(held);
        command.Options.Add(ordered);
        command.Options.Add(json);
        command.SetAction((parsed, _) => guest.RunAsync(
            parsed,
            (client, cancellation) => TopicCalls.ListenAsync(
                client, parsed.GetValue(topic)!, parsed.GetValue(count) ?? int.MaxValue, GuestRun.Output(parsed),
                parsed.InvocationConfiguration.Error,
                data => parsed.GetValue(json) ? $"{data}" : TopicCalls.Text(data, TerminalText.Printable),
                cancellation),
            static options => options with { Aggregation = null },
            async (node, cancellation) =>
            {
                var (output, asJson) = (GuestRun.Output(parsed), parsed.GetValue(json));
                Action beforeEach = static () => { };
                var subscription = node.GetTopic(parsed.GetValue(topic)!).Subscribe(new TopicSubscriptionOptions
                {
                    InOrder = parsed.GetValue(ordered),
                    IncludeHeld = parsed.GetValue(held),
                    OnMissed = missed =>
                    {
                        beforeEach();
                        output.WriteLine(asJson
                            ? MissedJson(parsed.GetValue(topic)!, missed)
                            : $"({Counted.Of(missed, "message")} missed)");
                        output.Flush();
                    },
                });
                await using var listening = ((IAsyncDisposable)subscription).ConfigureAwait(false);

                // Apart from the messages, so that whoever waits for the first one knows that it is waited for.
                var error = parsed.InvocationConfiguration.Error;
                await error.WriteLineAsync($"listening to '{subscription.Topic}'").ConfigureAwait(false);
                var progress = new ListenProgress();
                using var waiting = Patience.IsTerminal(error)
                    ? new Patience(error, progress.Text, counts: true) : null;
                beforeEach = () =>
                {
                    waiting?.GiveWay();
                    progress.Count();
                };
                return await ListenAsync(
                    subscription, parsed.GetValue(count) ?? int.MaxValue, asJson, output, beforeEach, cancellation)
                    .ConfigureAwait(false);
            }));
        return command;
    }

    private static async Task<int> ListenAsync(
        TopicSubscription subscription, int count, bool json, TextWriter output, Action beforeEach,
        CancellationToken cancellation)
    {
        await foreach (var message in subscription.WithCancellation(cancellation).ConfigureAwait(false))
        {
            beforeEach();
            await output.WriteLineAsync(json ? Json(message) : Text(message)).ConfigureAwait(false);
            await output.FlushAsync(cancellation).ConfigureAwait(false);
            if (--count == 0)
            {
                break;
            }
        }

        return 0;
    }

    private static string Text(in TopicMessage message) =>
        $"{message.Origin} #{message.Sequence} {message.Hops} hops {message.Age.TotalMilliseconds:0} ms: "
        + TerminalText.Printable(message.Text);

    private static string Json(TopicMessage message) => Json(message.Topic, json =>
    {
        json.WriteString("origin", message.Origin.ToString());
        json.WriteNumber("incarnation", message.Incarnation);
        json.WriteNumber("sequence", message.Sequence);
        json.WriteNumber("hops", message.Hops);
        json.WriteNumber("ageMs", message.Age.TotalMilliseconds);
        json.WriteBase64String("payload", message.Payload.Span);
    });

    private static string MissedJson(string topic, long missed) =>
        Json(topic, json => json.WriteNumber("missed", missed));

    private static string Json(string topic, Action<Utf8JsonWriter> write) => JsonLine.Of(json =>
    {
        json.WriteString("topic", topic);
        write(json);
    });
}
