using System.Globalization;
using Hearsay.Learning;

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

        // What was saved predicts without a network.
        var standard = Standardisation.Load(saved + ".standardisation.json");
        var model = TrainedModel.Load(saved, LinearModel.Logistic(2));
        var record = new float[2];
        standard.Apply([90, 90], record);
        Assert.Equal(1, model.Predict(record));
        standard.Apply([5, 5], record);
        Assert.Equal(0, model.Predict(record));
    }

    [Theory]
    [InlineData("--data {0} --save {1}/nowhere/model", "nowhere")]
    [InlineData("--data {0} --save {1}", "--save must name a file")]
    public async Task What_cannot_be_read_or_saved_is_told_before_the_training(string options, string reason)
    {
        var arguments = string.Format(CultureInfo.InvariantCulture, options, Points("some.csv", 0), _folder);
        var (code, output, error) = await Cli.RunAsync($"learn {arguments} --seed 127.0.0.1:1");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "some.csv", "--data must name a file")]
    [InlineData("some.csv", "", "--test must name a file")]
    public async Task An_empty_name_is_no_file(string data, string test, string reason)
    {
        Points("some.csv", 0);
        string Path(string name) => name.Length == 0 ? "" : System.IO.Path.Combine(_folder, name);
        string[] words = ["learn", "--data", Path(data), "--test", Path(test), "--seed", "127.0.0.1:1"];
        var (code, output, error) = await Cli.RunAsync(words);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_features_than_the_network_agrees_on_are_refused_before_joining()
    {
        var file = Path.Combine(_folder, "wide.csv");
        string Row(string text) => string.Join(',', Enumerable.Repeat(text, 121));
        await File.WriteAllTextAsync(file, $"{Row("x")},label\n{Row("1")},0\n{Row("2")},1\n");
        var (code, _, error) = await Cli.RunAsync($"learn --data {file} --seed 127.0.0.1:1");
        Assert.Equal(2, code);
        Assert.Contains("at most 120", error, StringComparison.Ordinal);
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
