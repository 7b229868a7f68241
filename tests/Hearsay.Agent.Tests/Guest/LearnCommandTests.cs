using System.Globalization;

namespace Hearsay.Agent.Tests.Guest;

/// <summary><c>hearsay learn</c>, at a network of real sockets.</summary>
public sealed class LearnCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hearsay-learn-").FullName;

    [Fact]
    public async Task Two_files_train_one_model_that_is_saved()
    {
        await using var seed = await GossipNode.StartAsync(new GossipNodeOptions
        {
            Bind = "127.0.0.1:0", Cluster = "learners", Sampling = PeerSamplingOptions.Lan,
        });
        var (one, other) = (Points("one.csv", 0), Points("other.csv", 100));
        var saved = Path.Combine(_folder, "model");
        string Command(string file, string more) => $"learn --data {file} --label side --classes 2 --period 50ms "
            + $"--cycles 60 --seed {seed.LocalAddress} --cluster learners {more}";
        var beside = Cli.RunAsync(Command(other, ""));
        var (code, output, error) = await Cli.RunAsync(Command(one, $"--save {saved}"));
        Assert.True(code == 0, output + error);
        Assert.Equal(0, (await beside).ExitCode);
        Assert.Contains("60 records of 2 features, 0 of them constant", output, StringComparison.Ordinal);
        Assert.Contains("cycle 60: error 0.0", output, StringComparison.Ordinal);
        Assert.True(File.Exists(saved));
    }

    [Theory]
    [InlineData("a,label\n1,0\n1\n", "Line 3")]
    [InlineData("", "empty")]
    [InlineData("a,label\n1,1\n2,1\n", "one class only")]
    [InlineData("a,label\nx,1\n", "finite number")]
    public async Task A_file_that_is_no_data_is_a_usage_error(string text, string reason)
    {
        var file = Path.Combine(_folder, "bad.csv");
        await File.WriteAllTextAsync(file, text);
        var (code, output, error) = await Cli.RunAsync($"learn --data {file} --seed 127.0.0.1:1");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        var (code, _, error) = await Cli.RunAsync("learn --data nowhere.csv --seed 127.0.0.1:1");
        Assert.Equal(2, code);
        Assert.Contains("nowhere.csv", error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Points of the plane, and on which side of a line they are.</summary>
    private string Points(string name, int first)
    {
        var file = Path.Combine(_folder, name);
        var lines = Enumerable.Range(first, 60).Select(i => (X: i * 37 % 101, Y: i * 53 % 97)).Select(
            point => string.Create(
                CultureInfo.InvariantCulture, $"{point.X},{point.Y},{(point.X + point.Y > 100 ? 1 : 0)}"));
        File.WriteAllLines(file, lines.Prepend("x,y,side"));
        return file;
    }
}
