namespace Hearsay.Cli.Tests;

public sealed class OutputTests
{
    [Theory]
    [InlineData("lab list")]
    [InlineData("lab run heal --nodes 50 --warmup 1 --cycles 1")]
    public async Task An_output_that_cannot_be_written_is_one_line_and_not_a_trace(string arguments)
    {
        using var error = new StringWriter();
        using var output = new FullDisk();
        var code = await Program.RunAsync(arguments.Split(' '), output, error);
        Assert.Equal(2, code);

        // A run of more than two seconds says before how far it is.
        var told = error.ToString().Split(Environment.NewLine)
            .Where(static line => !line.StartsWith("heal: ", StringComparison.Ordinal));
        Assert.Equal([$"Cannot read or write: {FullDisk.Message}", string.Empty], told);
    }

    [Theory]
    [InlineData("lab list >/dev/full")]
    [InlineData("lab list 1</dev/null")]
    [InlineData("up --nodes 2 --cycles 1 >/dev/full")]
    public async Task A_command_that_cannot_tell_anything_ends_with_a_code_and_no_trace(string arguments)
    {
        using var run = new ShellRun(":", arguments);
        var (code, _, errors) = await run.ExitAsync();
        Assert.Equal(2, code);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private sealed class FullDisk : StringWriter
    {
        public const string Message = "No space left on device";

        public override void WriteLine(string? value) => throw new IOException(Message);
    }
}
