using System.Globalization;
using Hearsay.Protocols;

namespace Hearsay.Agent.Tests.Guest;

/// <summary><c>hearsay learn</c> in twenty processes, of which six are killed in the middle.</summary>
public sealed class LearnProcessTests : IDisposable
{
    private const int Processes = 20;
    private const int Killed = 6;
    private const int Cycles = 50;
    private const int TestRecords = 461;

    private readonly string _folder = Directory.CreateTempSubdirectory("hearsay-learn-").FullName;

    [Fact]
    [Campaign]
    public async Task To_lose_a_third_of_the_processes_costs_at_most_a_point()
    {
        Deal();
        var all = await LearnAsync("all", toKill: 0);
        var survivors = await LearnAsync("survivors", Killed);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"error {all:0.0000} of {Processes} processes, {survivors:0.0000} of those "
            + $"{Processes - Killed} that survived"));
        Assert.InRange(all, 0.05, 0.12);
        Assert.InRange(survivors, 0.05, all + 0.01);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The mean error of those that run at the end.</summary>
    private async Task<double> LearnAsync(string cluster, int toKill)
    {
        await using var seed = await GossipNode.StartAsync(new GossipNodeOptions
        {
            Bind = "127.0.0.1:0", Cluster = cluster, Sampling = PeerSamplingOptions.Lan,
        });
        var processes = Enumerable.Range(0, Processes).Select(i => new HearsayProcess(
            "learn", "--data", Path.Combine(_folder, $"{i}.csv"), "--test", Path.Combine(_folder, "test.csv"),
            "--label", "label", "--classes", "2", "--seed", $"{seed.LocalAddress}", "--cluster", cluster,
            "--patience", "2m", "--every", "5")).ToList();
        try
        {
            await Task.WhenAll(processes.Select(process => Until(process, Cycles / 2)));
            await Task.WhenAll(processes.Take(toKill).Select(static process => process.KillAsync()));
            var survivors = processes.Skip(toKill).ToList();
            await Task.WhenAll(survivors.Select(process => Until(process, Cycles)));
            return survivors.Average(static process => ErrorAt(process, Cycles));
        }
        finally
        {
            processes.ForEach(static process => process.Dispose());
        }
    }

    private static Task Until(HearsayProcess process, int cycle) => process.UntilAsync(
        () => process.Output.Contains($"cycle {cycle}:", StringComparison.Ordinal), $"it came to cycle {cycle}");

    private static double ErrorAt(HearsayProcess process, int cycle) => double.Parse(
        process.Lines.First(line => line.StartsWith($"cycle {cycle}:", StringComparison.Ordinal))
            .Split("error ")[1].Split(',')[0], CultureInfo.InvariantCulture);

    /// <summary>Shuffles Spambase, and deals it to files.</summary>
    private void Deal()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Hearsay.slnx")))
        {
            folder = folder.Parent!;
        }

        var lines = File.ReadAllLines(Path.Combine(folder.FullName, "src/Hearsay.Lab/Data/spambase.csv"));
        var rows = lines[1..];
        new SeededRandom(1).Shuffle<string>(rows);
        void Write(string name, IEnumerable<string> records) =>
            File.WriteAllLines(Path.Combine(_folder, name), records.Prepend(lines[0]));
        Write("test.csv", rows[..TestRecords]);
        for (var i = 0; i < Processes; i++)
        {
            Write($"{i}.csv", rows[TestRecords..].Where((_, place) => place % Processes == i));
        }
    }
}
