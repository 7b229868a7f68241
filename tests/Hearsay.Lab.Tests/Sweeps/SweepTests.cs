namespace Hearsay.Lab.Tests.Sweeps;

/// <summary>A sweep over grids and seeds: stopped, torn, edited, in parts, merged.</summary>
public sealed class SweepTests : IDisposable
{
    private static readonly string[] s_grid =
        ["heal", "--grid", "nodes=60", "warmup=3", "cycles=4", "healing=1,2", "--seeds", "1..3"];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hearsay-sweep-");

    public static TheoryData<string> Forms => ["rows.csv", "rows.jsonl"];

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_sweep_has_one_row_per_run_and_a_second_start_runs_nothing(string name)
    {
        var path = At(name);
        await Sweep(0, [.. s_grid, "--out", path]);
        var first = await File.ReadAllTextAsync(path);
        Assert.Equal(6, RowsOf(path).Length);
        Assert.Equal(6, RowsOf(path).Distinct().Count());
        var (output, _) = await Sweep(0, [.. s_grid, "--out", path]);
        Assert.Contains("0 runs done, 6 were there", output, StringComparison.Ordinal);
        Assert.Equal(first, await File.ReadAllTextAsync(path));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task After_a_kill_in_the_middle_of_a_line_only_what_is_missing_runs_again(string name)
    {
        var path = At(name);
        await Sweep(0, [.. s_grid, "--out", path, "--parallel", "1"]);
        var whole = await File.ReadAllBytesAsync(path);
        foreach (var length in new[] { whole.Length - 1, whole.Length - 40, whole.Length / 2, 9, 0 })
        {
            await File.WriteAllBytesAsync(path, whole[..length]);
            await Sweep(0, [.. s_grid, "--out", path, "--parallel", "1"]);
            Assert.Equal(whole, await File.ReadAllBytesAsync(path));
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Edited_lines_and_rows_of_other_experiments_are_refused_by_line(string name)
    {
        var path = At(name);
        await Sweep(0, [.. s_grid, "--out", path]);
        var lines = await File.ReadAllLinesAsync(path);
        foreach (var (line, message) in new[]
        {
            ("scribble", "not a row of this sweep"),
            ("", "not a row of this sweep"),
            ("{\"run\":1,\"experiment\":null}", "not a row of this sweep"),
            (lines[2].Replace("heal", "churn", StringComparison.Ordinal), "'churn', not 'heal'"),
        })
        {
            string[] edited = [.. lines[..2], line, .. lines[3..]];
            await File.WriteAllTextAsync(path, string.Join('\n', edited) + "\n");
            var (_, error) = await Sweep(2, [.. s_grid, "--out", path]);
            Assert.Contains($"{path}, line 3: ", error, StringComparison.Ordinal);
            Assert.Contains(message, error, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(path, "dear diary\nnothing\n");
        await Sweep(2, [.. s_grid, "--out", path]);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_file_that_is_no_sweep_is_refused_and_left_as_it_is(string name)
    {
        var path = At(name);
        foreach (var content in new[] { "my own notes", "my own notes\nand more", "\0\0\0\0", "{}", "ran" })
        {
            await File.WriteAllTextAsync(path, content);
            var (_, error) = await Sweep(2, [.. s_grid, "--out", path]);
            Assert.Contains(path, error, StringComparison.Ordinal);
            Assert.Equal(content, await File.ReadAllTextAsync(path));
        }
    }

    [Fact]
    public async Task A_merge_that_fails_leaves_nothing_behind()
    {
        await File.WriteAllTextAsync(At("notes.csv"), "my own notes\n");
        await Sweep(2, ["merge", At("notes.csv"), "--out", At("merged.csv")]);
        Assert.Equal(["notes.csv"], _directory.GetFiles().Select(file => file.Name));
    }

    [Fact]
    public async Task A_grid_without_a_single_possible_run_is_a_usage_error()
    {
        var (_, error) = await Sweep(
            2, "overlay", "--grid", "nodes=50", "cycles=1", "healing=40", "--out", At("rows.csv"));
        Assert.Contains("No run of this grid is possible: --healing must be", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_is_a_usage_error()
    {
        Directory.CreateDirectory(At("rows.csv"));
        var (_, error) = await Sweep(2, [.. s_grid, "--out", At("rows.csv")]);
        Assert.Contains("cannot be read or written", error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Parts_share_the_runs_and_merge_to_the_whole(string name)
    {
        await Sweep(0, [.. s_grid, "--out", At(name)]);
        var parts = new List<string>();
        for (var part = 1; part <= 4; part++)
        {
            await Sweep(0, [.. s_grid, "--out", At(name), "--shard", $"{part}/4"]);
            parts.Add(At($"rows.{part}-of-4{Path.GetExtension(name)}"));
        }

        var merged = At("merged" + Path.GetExtension(name));
        var (output, _) = await Sweep(0, ["merge", .. parts, parts[0], "--out", merged]);
        Assert.Contains("6 rows", output, StringComparison.Ordinal);
        Assert.Contains("2 duplicates", output, StringComparison.Ordinal);
        Assert.Equal(RowsOf(At(name)).Order(StringComparer.Ordinal), RowsOf(merged).Order(StringComparer.Ordinal));
        await Sweep(2, ["merge", merged, "--out", merged]);
    }

    [Fact]
    public async Task Runs_whose_options_do_not_go_together_are_left_out_and_told()
    {
        var path = At("rows.csv");
        var (output, error) = await Sweep(
            0,
            "overlay", "--grid", "nodes=50", "cycles=1", "healing=0,10", "swap=5,10", "--out", path);
        Assert.Contains("3 runs done", output, StringComparison.Ordinal);
        Assert.Contains("1 runs were left out", error, StringComparison.Ordinal);
        Assert.Contains("--healing + --swap must be at most", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--grid nodes", "--grid must be OPTION=VALUE")]
    [InlineData("--grid nodez=1", "there is no option --nodez")]
    [InlineData("--grid nodes=1", "--nodes must be from 2 to 10,000,000, not '1'.")]
    [InlineData("--grid nodes=", "--nodes must be from 2")]
    [InlineData("--grid nodes=9..2", "--nodes: a range must be FIRST..LAST")]
    [InlineData("--grid nodes=2..9999999", "--nodes has more than 100,000 values")]
    [InlineData("--seeds 0..18446744073709551615", "a range must be")]
    [InlineData("--grid nodes=2..1002 cycles=1..1000", "more than 1,000,000 runs")]
    [InlineData("--grid nodes=2 --grid nodes=3", "--nodes is given twice")]
    [InlineData("--seeds x", "--seeds x: --seed must be from 0 to 2^64-1")]
    [InlineData("--shard 5/4", "there is no part 5 of 4")]
    [InlineData("--shard 0/4", "there is no part 0 of 4")]
    [InlineData("--shard 1/0", "there must be from 1 to 100,000 parts, not 0")]
    [InlineData("--shard none", "--shard must be I/N")]
    [InlineData("--out rows.txt", "--out must end in .csv or .jsonl")]
    public async Task Mistakes_are_usage_errors_that_name_the_option(string options, string message)
    {
        string[] words = ["heal", "--out", At("rows.csv"), .. options.Split(' ')];
        var givesOut = options.StartsWith("--out", StringComparison.Ordinal);
        var (_, error) = await Sweep(2, givesOut ? ["heal", .. words[3..]] : words);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Empty(_directory.GetFiles());
    }

    private static async Task<(string Output, string Error)> Sweep(int expected, params string[] words)
    {
        var (code, output, error) = await LabCli.RunAsync(["sweep", .. words]);
        Assert.True(expected == code, $"exit code {code}: {output}{error}");
        return (output, error);
    }

    private static string[] RowsOf(string path) =>
        File.ReadAllLines(path)[(path.EndsWith(".csv", StringComparison.Ordinal) ? 1 : 0)..];

    private string At(string name) => Path.Combine(_directory.FullName, name);
}
