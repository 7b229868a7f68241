using Hearsay.Agent.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hearsay.Agent.Tests.Calls;

public sealed class HealthCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Probes_of_an_agent_with_a_token_need_none()
    {
        using var token = new TokenFile(new string('t', 32), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var agent = new AgentProcess(
            "--bind", "127.0.0.1:0", "--http", "127.0.0.1:0", "--http-token-file", token.Path);
        await agent.StartedAsync();
        Assert.Equal(1, (await Cli.RunAsync($"info --agent {agent.Url}")).ExitCode);
        foreach (var command in (string[])["health", "health --live"])
        {
            var (code, output, _) = await Cli.RunAsync($"{command} --agent {agent.Url}");
            Assert.Equal(0, code);
            Assert.StartsWith("healthy, 0 peers", output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("stalled", 503, 503, 1, 1)]
    [InlineData("isolated", 200, 503, 0, 1)]
    [InlineData("healthy", 200, 200, 0, 0)]
    public async Task The_exit_code_is_what_the_agent_answers_to_a_probe_of_that_kind(
        string state, int live, int ready, int ofLive, int ofReady)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var service = builder.Build();
        service.Urls.Add("http://127.0.0.1:0");
        void Answer(string path, int status) => service.MapGet(path, async (HttpContext context) =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync($$"""{"state":"{{state}}","peers":2}""", Cancellation);
        });
        Answer("/v1/health/live", live);
        Answer("/v1/health/ready", ready);
        await service.StartAsync(Cancellation);
        var url = service.Urls.Single();
        Assert.Equal((ofLive, $"{state}, 2 peers"), await AskAsync($"health --live --agent {url}"));
        Assert.Equal((ofReady, $"{state}, 2 peers"), await AskAsync($"health --agent {url}"));
    }

    private static async Task<(int Code, string Output)> AskAsync(string command)
    {
        var (code, output, _) = await Cli.RunAsync(command);
        return (code, output.TrimEnd());
    }
}
