namespace Hearsay.Cli.Tests.Exercises;

/// <summary>The command, from a file to the verdict.</summary>
public sealed class ExerciseCommandTests
{
    [Fact]
    public async Task Exercises_are_listed_and_one_can_be_begun()
    {
        var (code, output, _) = await Cli.RunAsync("exercise");
        Assert.Equal(0, code);
        Assert.Contains("1  Merge what a partner sent", output, StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("hearsay-begin");
        var file = Path.Combine(folder.FullName, "Mine.cs");
        (code, _, _) = await Cli.RunAsync($"exercise 2 --new {file}");
        Assert.Equal(0, code);
        Assert.Contains("IPeerDraws", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        (code, _, var error) = await Cli.RunAsync($"exercise 2 --new {file}");
        Assert.Equal(2, code);
        Assert.Contains("--new", error, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("exercise 9", "exercises 1 to 3, not 9")]
    [InlineData("exercise 1 nowhere.cs", "no file 'nowhere.cs'")]
    public async Task Mistakes_are_named(string arguments, string expected)
    {
        var (code, _, error) = await Cli.RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    [Campaign]
    public async Task The_starters_compile_and_fail()
    {
        var folder = Directory.CreateTempSubdirectory("hearsay-starters");
        try
        {
            for (var number = 1; number <= 3; number++)
            {
                var file = Path.Combine(folder.FullName, $"Solution{number}.cs");
                await Cli.RunAsync($"exercise {number} --new {file}");
                var (code, output, error) = await Cli.RunAsync($"exercise {number} {file}");
                Assert.True(code == 1, error);
                Assert.Contains("FAILS", output, StringComparison.Ordinal);
                Assert.Contains("properties hold.", output, StringComparison.Ordinal);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    [Campaign]
    public async Task A_solution_that_never_returns_is_told_so_and_the_rest_is_tried()
    {
        var folder = Directory.CreateTempSubdirectory("hearsay-endless");
        try
        {
            var file = Path.Combine(folder.FullName, "Endless.cs");
            await File.WriteAllTextAsync(file, """
                public sealed class Endless : Hearsay.Exercises.IAveragingNode
                {
                    public double Value { get; private set; }
                    public void Begin(double number) => Value = number;
                    public double Ask(long exchange) => Value;
                    public double Answer(long exchange, double asked) => Value = (Value + asked) / 2;
                    public void Hear(long exchange, double answered)
                    {
                        if (exchange == 5) System.Threading.Thread.Sleep(-1);
                        Value = answered;
                    }
                }
                """, TestContext.Current.CancellationToken);
            var (code, output, error) = await Cli.RunAsync($"exercise 3 {file}");
            Assert.Equal(1, code);
            Assert.Matches(@"FAILS  their sum is what it was\s+it did not return after 5 s", output);
            Assert.Contains("properties hold.", output, StringComparison.Ordinal);
            Assert.Contains("compiling", error, StringComparison.Ordinal);
            Assert.Contains("trying 'their sum is what it was'", error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    [Campaign]
    public async Task What_does_not_compile_is_told_with_its_line()
    {
        var folder = Directory.CreateTempSubdirectory("hearsay-broken");
        try
        {
            var file = Path.Combine(folder.FullName, "Broken.cs");
            await File.WriteAllTextAsync(file, "public class Broken {\n  int x = \"no\";\n}\n",
                TestContext.Current.CancellationToken);
            var (code, _, error) = await Cli.RunAsync($"exercise 1 {file}");
            Assert.Equal(1, code);
            Assert.Contains("Broken.cs(2,", error, StringComparison.Ordinal);
            await File.WriteAllTextAsync(file, "public class Empty { }\n", TestContext.Current.CancellationToken);
            (code, _, error) = await Cli.RunAsync($"exercise 1 {file}");
            Assert.Equal(1, code);
            Assert.Contains("no class that implements IViewMerge", error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
