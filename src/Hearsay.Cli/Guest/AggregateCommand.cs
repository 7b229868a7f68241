using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Hearsay.Cli.Guest;

/// <summary><c>hearsay aggregate</c>: takes part in an aggregate, or only reads it.</summary>
internal static class AggregateCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var guest = new GuestOptions();
        var name = new Argument<string>("NAME") { Description = "The aggregate's name" };
        var kind = CheckedOption.Name<AggregateKind>("--kind", "What is computed. Default average.");
        var method = CheckedOption.Name<AggregateMethod>(
            "--method", "How nodes come to agree. Default push-pull, or tournament with --quantile.");
        var quantile = CheckedOption.Create<double>(
            "--quantile", "Which quantile, for --kind quantile: 0.5 is the median.", "from 0 to 1",
            (string text, out double number) => double.TryParse(
                text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && number is >= 0 and <= 1);
        var epsilon = CheckedOption.Create<double>(
            "--epsilon", "The error of the quantile's rank. Default 0.01.", "from 0.005 to 0.25",
            (string text, out double number) => double.TryParse(
                text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && number is >= 0.005 and <= 0.25);
        var value = CheckedOption.Create<double>(
            "--value", "This node's value. Default: none, it only passes on.", "a number",
            (string text, out double number) => double.TryParse(
                text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number));
        var cycleTime = CheckedOption.Create<TimeSpan>(
            "--cycle-time", "The cycle time of the cluster's aggregation. Default 1s.", "from 10ms to 1h",
            (string text, out TimeSpan time) => Duration.TryParse(text, out time)
                && time >= TimeSpan.FromMilliseconds(10) && time <= TimeSpan.FromHours(1));
        var cycles = CheckedOption.Integer(
            "--cycles-per-epoch", "The cycles of an epoch, as in the cluster. Default 30.", 4, 10_000);
        var follow = new Option<bool>("--follow") { Description = "Stay, and print every cycle, until Ctrl-C" };
        var json = new Option<bool>("--json") { Description = "One JSON object for each estimate" };
        var command = new Command(
            "aggregate", "Join a network, agree with it on a number, print it, and leave: takes up to two epochs.")
        {
            name,
        };
        guest.AddTo(command);
        Option[] options = [kind, method, quantile, epsilon, value, cycleTime, cycles, follow, json];
        Array.ForEach(options, command.Options.Add);
        command.SetAction((parsed, _) => GuestRun.RunAsync(
            parsed, guest,
            given => given with
            {
                Broadcast = null,
                Aggregation = AggregationOptions.Default with
                {
                    CycleTime = parsed.GetValue(cycleTime) ?? AggregationOptions.Default.CycleTime,
                    CyclesPerEpoch = parsed.GetValue(cycles) ?? AggregationOptions.Default.CyclesPerEpoch,
                },
            },
            (node, cancellation) => ReadAsync(
                Define(
                    node.Aggregate(parsed.GetValue(name)!), parsed.GetValue(kind) ?? AggregateKind.Average,
                    parsed.GetValue(method) ?? AggregateMethod.PushPull, parsed.GetValue(quantile),
                    parsed.GetValue(epsilon), parsed.GetValue(value)),
                parsed.GetValue(follow), parsed.GetValue(json), parsed.InvocationConfiguration.Output,
                cancellation)));
        return command;
    }

    private static Aggregate Define(
        NamedAggregate named, AggregateKind kind, AggregateMethod method, double? quantile, double? epsilon,
        double? value) =>
        quantile is not null || kind == AggregateKind.Quantile
            ? named.Quantile(
                quantile ?? 0.5, epsilon ?? 0.01, value is { } number ? () => number : null)
            : named.Define(kind, value, new AggregateSettings { Method = method });

    private static async Task<int> ReadAsync(
        Aggregate aggregate, bool follow, bool json, TextWriter output, CancellationToken cancellation)
    {
        using var taking = aggregate;
        var estimates = follow ? aggregate.WatchCyclesAsync(cancellation) : aggregate.WatchAsync(cancellation);
        await foreach (var estimate in estimates.ConfigureAwait(false))
        {
            await output.WriteLineAsync(json ? Json(estimate) : Text(estimate)).ConfigureAwait(false);
            await output.FlushAsync(cancellation).ConfigureAwait(false);
            if (!follow)
            {
                break;
            }
        }

        return 0;
    }

    private static string Text(in AggregateEstimate estimate) => string.Create(
        CultureInfo.InvariantCulture,
        $"{estimate.Definition}: {(estimate.IsReady ? $"{estimate.Value:G9} ± {estimate.Error:G2}" : "not ready")}, "
        + $"epoch {estimate.Epoch}, cycle {estimate.Cycle}, {estimate.Age.TotalSeconds:0.0} s old"
        + $"{(estimate.IsFinal ? ", final" : "")}");

    private static string Json(in AggregateEstimate estimate)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("name", estimate.Definition.Name);
            json.WriteString("kind", estimate.Definition.Kind.ToString());
            Number(json, "value", estimate.Value);
            Number(json, "error", estimate.Error);
            json.WriteNumber("epoch", estimate.Epoch);
            json.WriteNumber("cycle", estimate.Cycle);
            json.WriteNumber("ageMs", estimate.Age.TotalMilliseconds);
            json.WriteBoolean("isFinal", estimate.IsFinal);
            json.WriteBoolean("isReady", estimate.IsReady);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
