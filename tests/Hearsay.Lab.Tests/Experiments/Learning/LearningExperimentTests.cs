using System.Diagnostics;
using System.Text.Json;

namespace Hearsay.Lab.Tests.Experiments.Learning;

/// <summary>Gossip learning in the lab, with fewer splits and cycles than it takes by default.</summary>
public sealed class LearningExperimentTests
{
    private static readonly string[] s_small =
        ["run", "learning", "--json", "--splits", "2", "--central-steps", "3000"];

    [Fact]
    public async Task Gossip_is_about_as_good_as_central_training_and_better_than_nodes_alone()
    {
        var result = await ResultAsync("--cycles", "20");
        var summary = result.GetProperty("summary");
        Assert.Equal(
            [
                "error", "errorInterval", "centralError", "federatedError", "federatedErrorEqualBytes", "localError",
                "merges", "cpuSeconds",
            ],
            summary.EnumerateObject().Select(field => field.Name));
        Assert.InRange(Number(summary, "error"), 0.05, Number(summary, "centralError") + 0.03);
        Assert.InRange(Number(summary, "localError"), Number(summary, "error") + 0.03, 0.5);
        var rows = result.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal([10, 20], rows.Select(row => Number(row, "cycle")));
        Assert.All(rows, row =>
        {
            Assert.InRange(Number(row, "error"), Number(row, "errorBest"), Number(row, "errorWorst"));
            Assert.Equal(Number(row, "cycle"), Number(row, "messagesPerNode"));
            Assert.Equal(240 * Number(row, "cycle"), Number(row, "bytesPerNode"), 20.0);
        });
    }

    [Fact]
    public async Task Federated_averaging_runs_on_until_it_has_moved_as_many_bytes()
    {
        string[] run = ["--metrics-every", "100", "--seed", "5"];
        var eager = await ResultAsync([.. run, "--mode", "el", "--cycles", "4"]);
        var perRound = 2 * 4 * 58;
        var rounds = (int)(Number(eager.GetProperty("results")[0], "bytesPerNode") / perRound);
        Assert.InRange(rounds, 10, 20);
        var longer = await ResultAsync([.. run, "--cycles", $"{rounds}"]);
        Assert.Equal(
            Number(longer.GetProperty("summary"), "federatedError"),
            Number(eager.GetProperty("summary"), "federatedErrorEqualBytes"));
    }

    /// <summary>Who is away for long keeps what it had; who is away now and then follows the others.</summary>
    [Fact]
    public async Task Nodes_are_away_for_a_cycle_or_for_long_and_the_share_online_is_the_same()
    {
        string[] half = ["--online", "0.5", "--cycles", "30", "--metrics-every", "30"];
        var anew = (await ResultAsync(half)).GetProperty("results")[0];
        var longer = (await ResultAsync([.. half, "--session-cycles", "500"])).GetProperty("results")[0];
        var sessions = (await ResultAsync([.. half, "--session-cycles", "4"])).GetProperty("results")[0];
        Assert.All([anew, longer, sessions], row => Assert.InRange(Number(row, "messagesPerNode"), 12.0, 18.0));
        Assert.True(Number(longer, "errorWorst") > Number(anew, "errorWorst") + 0.05, $"{longer} {anew}");
    }

    [Theory]
    [InlineData("--model pegasos --mode mu --placement one-record --train-rows 300 --loss 0.3 --delay-cycles 1..3")]
    [InlineData("--model adaline --mode um --online 0.8")]
    [InlineData("--mode rw --sampler static --online 0.2 --session-cycles 3")]
    [InlineData("--mode limited --sampler uniform --placement label --age records")]
    [InlineData("--mode el --fanout 2 --placement dirichlet")]
    [InlineData("--partitions 4 --tokens randomised --bits 16")]
    [InlineData("--subsample 0.3 --tokens simple --bits 8")]
    [InlineData("--attackers 0.2 --attack noise --robust nearest")]
    [InlineData("--attackers 0.2 --attack age --robust clip")]
    [InlineData("--attackers 0.2 --attack noise --bits 8")]
    [InlineData("--data digits --model softmax")]
    [InlineData("--data digits --model mlp --hidden 8", Traits = ["Campaign", "true"])]
    public async Task The_numbers_do_not_depend_on_the_threads(string options)
    {
        string[] words = [.. options.Split(' '), "--cycles", "6", "--seed", "7"];
        var one = await ResultAsync([.. words, "--threads", "1"]);
        var two = await ResultAsync([.. words, "--threads", "2"]);
        Assert.Equal(Numbers(one), Numbers(two));
    }

    [Theory]
    [Campaign]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task The_numbers_do_not_depend_on_the_vectors_of_the_machine(string without)
    {
        string[] words = ["--data", "digits", "--model", "softmax", "--cycles", "3", "--bits", "8", "--seed", "7"];
        var here = await ResultAsync(words);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        var command = Path.Combine(AppContext.BaseDirectory, "Hearsay.Cli.dll");
        foreach (var word in (string[])[command, "lab", .. s_small, .. words])
        {
            start.ArgumentList.Add(word);
        }

        start.Environment[without] = "0";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        Assert.Equal(Numbers(here), Numbers(LabCli.Parse(output)));
    }

    [Theory]
    [InlineData("--model logistic --data digits", "softmax")]
    [InlineData("--nodes 5000", "cannot train")]
    [InlineData("--data nowhere.csv", "nowhere.csv")]
    [InlineData("--delay-cycles 3..1", "--delay-cycles")]
    [InlineData("--delay-cycles=-Infinity..5", "--delay-cycles")]
    [InlineData("--nodes 2 --attackers 0.9", "none of 2 nodes is honest")]
    [InlineData("--data letter --model softmax --placement label --nodes 5", "leave out some of the 26")]
    [InlineData("--online 0.9 --session-cycles 4", "at least 9 cycles")]
    [InlineData("--partitions 4 --mode mu", "Partitions")]
    [InlineData("--robust clip --mode rw", "Clip")]
    [InlineData("--attackers 0.1 --subsample 0.5", "whole models")]
    public async Task What_does_not_go_together_is_a_usage_error(string options, string reason)
    {
        var (code, _, error) = await LabCli.RunAsync([.. s_small, .. options.Split(' ')]);
        Assert.Equal(2, code);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ResultAsync(params string[] words)
    {
        var (code, output, error) = await LabCli.RunAsync([.. s_small, .. words]);
        Assert.True(code == 0, error);
        return LabCli.Parse(output);
    }

    private static double Number(JsonElement row, string name) => row.GetProperty(name).GetDouble();

    /// <summary>All numbers but the time.</summary>
    private static string Numbers(JsonElement result) => result.GetProperty("results").GetRawText()
        + string.Join(' ', result.GetProperty("summary").EnumerateObject()
            .Where(field => field.Name != "cpuSeconds").Select(field => field.Value.GetRawText()));
}
