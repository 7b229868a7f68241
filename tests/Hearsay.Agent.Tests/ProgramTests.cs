namespace Hearsay.Agent.Tests;

public sealed class ProgramTests
{
    [Theory]
    [InlineData("up --nodes 5")]
    [InlineData("lab list")]
    public async Task What_only_the_whole_command_has_is_told_with_where_to_get_it(string arguments)
    {
        var (code, output, error) = await Cli.RunAsync(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("dotnet tool install", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_command_it_shows_what_there_is()
    {
        var (code, output, _) = await Cli.RunAsync("");
        Assert.Equal(0, code);
        foreach (var command in (string[])["agent", "peer", "publish", "listen", "aggregate", "map", "leave"])
        {
            Assert.Contains($"  {command} ", output, StringComparison.Ordinal);
        }
    }
}
