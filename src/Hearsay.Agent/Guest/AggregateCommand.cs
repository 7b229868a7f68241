using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hearsay.Agent.Calls;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Guest;

/// <summary><c>hearsay aggregate</c>: takes part in an aggregate, or only reads it.</summary>
internal static class AggregateCommand
{
    private static readonly double[] s_shares = [0.1, 0.5, 0.9, 0.99];

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var guest = new GuestOptions();
        var name = new Argument<string>("NAME") { Description = "The aggregate's name" };
        var kind = CheckedOption.Name<AggregateKind>("--kind", "What is computed. Default average.");
        var value = CheckedOption.Number("--value", "This node's value. Default: none; the node is a relay.");
        var more = new AggregateOptionSet();
        var cycleTime = CheckedOption.Create<TimeSpan>(
            "--cycle-time", "As a guest: the cycle time of the cluster's aggregation. Default 1s.", "from 10ms to 1h",
            (string text, out TimeSpan time) => Duration.TryParse(text, out time)
                && time >= TimeSpan.FromMilliseconds(10) && time <= TimeSpan.FromHours(1));
        var cycles = CheckedOption.Integer(
            "--cycles-per-epoch", "As a guest: the cycles of an epoch, as in the cluster. Default 30.", 4, 10_000);
        var within = CheckedOption.Create<double>(
            "--within", "Do not wait for a whole epoch: print the first estimate whose error is this share of it, "
            + "such as 0.05.", "above 0, to 1",
            static (string text, out double share) => double.TryParse(
                text, NumberStyles.Float, CultureInfo.InvariantCulture, out share) && share is > 0 and <= 1);
        var follow = new Option<bool>("--follow", "--watch")
        {
            Description = "Stay until Ctrl-C, and print every estimate",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object per estimate" };
        var command = new Command(
            "aggregate", "Compute an aggregate with all nodes and print it, through an agent or, with --seed, as a "
            + "guest. It takes up to two epochs, or some cycles with --within. Exit code 1 if no node has a value.")
        {
            name,
        };
        guest.AddTo(command);
        guest.NeedSeeds(cycleTime, cycles);
        Option[] options = [kind, value, cycleTime, cycles, within, follow, json];
        Array.ForEach(options, command.Options.Add);
        more.AddTo(command);
        command.SetAction((parsed, _) => guest.RunAsync(
            parsed,
            (client, cancellation) => AggregateCalls.RunAsync(
                client, parsed.GetValue(name)!, more.DefinitionJson(parsed, parsed.GetValue(kind)),
                more.ValueJson(parsed, parsed.GetValue(value)), parsed.GetValue(follow), parsed.GetValue(within),
                GuestRun.Output(parsed), parsed.InvocationConfiguration.Error, parsed.GetValue(json), cancellation),
            given =>
            {
                more.ThrowIfInvalid(parsed, parsed.GetValue(name)!, parsed.GetValue(kind) ?? AggregateKind.Average);
                return given with
                {
                    Broadcast = null,
                    Aggregation = AggregationOptions.Default.WithCycles(
                        parsed.GetValue(cycleTime), parsed.GetValue(cycles)),
                };
            },
            async (node, cancellation) =>
            {
                using var aggregate = more.Define(
                    parsed, node.GetAggregate(parsed.GetValue(name)!),
                    parsed.GetValue(kind) ?? AggregateKind.Average, parsed.GetValue(value));
                var isJson = parsed.GetValue(json);
                var visit = new AggregateVisit(
                    node, aggregate, more.Gives(parsed, parsed.GetValue(value)),
                    estimate => isJson ? Json(estimate) : Text(estimate), GuestRun.Output(parsed),
                    parsed.InvocationConfiguration.Error);
                return parsed.GetValue(follow)
                    ? await visit.FollowAsync(cancellation).ConfigureAwait(false)
                    : await visit.ReadAsync(parsed.GetValue(within), guest.Patience(parsed), cancellation)
                        .ConfigureAwait(false);
            }));
        return command;
    }

    private static string Text(in AggregateEstimate estimate) => string.Create(
        CultureInfo.InvariantCulture,
        $"{estimate.Definition}: {(estimate.IsReady ? $"{estimate.Value:G9} ± {estimate.Error:G2}" : "not ready")}, "
        + $"epoch {estimate.Epoch}, cycle {estimate.Cycle}, {estimate.Age.TotalSeconds:0.0} s old"
        + $"{(estimate.IsFinal ? ", final" : "")}{string.Concat(Quantiles(estimate).Select(Text))}");

    private static string Text((double Share, double Value) quantile) => string.Create(
        CultureInfo.InvariantCulture, $", p{100 * quantile.Share:0.##} {quantile.Value:G6}");

    /// <summary>Of kinds that know how the values are distributed, at the end of an epoch.</summary>
    private static (double Share, double Value)[] Quantiles(in AggregateEstimate estimate)
    {
        Func<double, double>? quantile = estimate.Distribution is { } distribution ? distribution.Quantile
            : estimate.Sample is { } sample ? sample.Quantile : null;
        return quantile is null ? [] : [.. s_shares.Select(share => (share, quantile(share)))];
    }

    private static string Json(AggregateEstimate estimate) => JsonLine.Of(json =>
    {
        json.WriteString("name", estimate.Definition.Name);
        json.WriteString("kind", estimate.Definition.Kind.ToString());
        Number(json, "value", estimate.Value);
        Number(json, "error", estimate.Error);
        json.WriteNumber("epoch", estimate.Epoch);
        json.WriteNumber("cycle", estimate.Cycle);
        json.WriteNumber("ageMs", estimate.Age.TotalMilliseconds);
        json.WriteBoolean("isFinal", estimate.IsFinal);
        json.WriteBoolean("isReady", estimate.IsReady);
        Number(json, "contributors", estimate.Contributors);
        foreach (var (share, value) in Quantiles(estimate))
        {
            Number(json, string.Create(CultureInfo.InvariantCulture, $"p{100 * share:0.##}"), value);
        }
    });

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
