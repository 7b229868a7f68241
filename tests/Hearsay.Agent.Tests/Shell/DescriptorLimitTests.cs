using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Tests.Shell;

public sealed class DescriptorLimitTests
{
    /// <summary>Two descriptors a caller, beside 416 that the process keeps.</summary>
    [Theory]
    [InlineData(null, 2048)]
    [InlineData(524_288L, 2048)]
    [InlineData(1024L, 304)]
    [InlineData(512L, 48)]
    [InlineData(192L, 16)]
    public void Callers_leave_the_process_the_descriptors_that_it_works_with(long? limit, int callers) =>
        Assert.Equal(callers, DescriptorLimit.Callers(limit, most: 2048));

    [Theory]
    [InlineData(48)]
    [InlineData(64)]
    [InlineData(100)]
    public async Task Too_few_descriptors_are_one_line_with_the_number_needed(int limit)
    {
        using var run = new ShellRun($"ulimit -n {limit}", "agent --bind 127.0.0.1:0");
        var (code, output, errors) = await run.ExitAsync();

        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Equal(
            $"hearsay needs {DescriptorLimit.Needed} file descriptors, but this process may have only {limit}. Raise "
            + $"the limit (ulimit -n {DescriptorLimit.Needed}).\n",
            errors);
    }

    [Fact]
    public async Task In_a_file_that_others_write_to_the_line_stays()
    {
        var file = Path.GetTempFileName();
        try
        {
            // The command runs in a shell of its own, and afterwards the outer one writes to the same file.
            using var run = new ShellRun(
                $"exec 2>'{file}'; echo before >&2; ulimit -n 64; {ShellRun.Command} agent --bind 127.0.0.1:0; "
                + "echo after >&2; ulimit -n 64", "agent --bind 127.0.0.1:0");
            Assert.Equal(1, (await run.ExitAsync()).Code);

            var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal(4, lines.Length);
            Assert.Equal(("before", "after"), (lines[0], lines[2]));
            Assert.StartsWith("hearsay needs ", lines[1], StringComparison.Ordinal);
            Assert.Equal(lines[1], lines[3]);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
