using System.Net.Sockets;
using System.Text;
using Hearsay.Agent.Running;

namespace Hearsay.Agent.Tests.Running;

public sealed class ServiceManagerTests
{
    [Fact]
    public async Task An_agent_tells_its_service_manager_that_it_serves_and_that_it_stops()
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-notify-");
        var path = Path.Combine(directory.FullName, "socket");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));
        using var agent = new AgentProcess(
            new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path }, "--bind", "127.0.0.1:0");

        Assert.Equal("READY=1", await ReceiveAsync(manager));
        await agent.StartedAsync(); // Its line may come a moment after the word to the manager.
        var (status, _) = await Http.Curl.RunAsync($"curl {agent.Url}/v1/node");
        Assert.Equal("200", status);
        agent.Terminate();
        Assert.Equal("STOPPING=1", await ReceiveAsync(manager));
        Assert.Equal(0, await agent.ExitAsync());
        directory.Delete(recursive: true);
    }

    [Fact]
    public void A_manager_that_is_not_there_is_warned_about_and_stops_nothing()
    {
        var warnings = new List<string>();
        new ServiceManager(null, warnings.Add).Ready();
        Assert.Empty(warnings);
        new ServiceManager("/nowhere/socket", warnings.Add).Ready();
        new ServiceManager(new string('x', 5000), warnings.Add).Ready();
        Assert.Equal(2, warnings.Count);
        Assert.All(warnings, static warning => Assert.Contains("NOTIFY_SOCKET", warning, StringComparison.Ordinal));
    }

    private static async Task<string> ReceiveAsync(Socket manager)
    {
        var buffer = new byte[256];
        var length = await manager.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(HearsayProcess.Deadline, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
