using System.Net.Sockets;
using System.Text;

namespace Hearsay.Agent.Tests.Http;

public sealed class LeaveFirstTests
{
    /// <summary>The server waits for its reader for half a minute, and others would not hear of it before.</summary>
    [Fact]
    public async Task A_node_leaves_while_a_caller_still_reads_its_answer()
    {
        string[] options =
        [
            "--bind", "127.0.0.1:0", "--cycle-time", "200ms", "--maps", "true", "--evict-on-timeout", "false",
        ];
        using var other = new AgentProcess(options);
        await other.StartedAsync();
        using var agent = new AgentProcess([.. options, "--seed", other.Address]);
        await agent.StartedAsync();
        await other.UntilAsync(() => other.Lines.Contains("peers 1"), "it has a peer");
        using var client = new HttpClient { BaseAddress = new Uri(agent.Url) };
        for (var i = 0; i < 12; i++)
        {
            using var value = new StringContent(new string('x', 1 << 20));
            using var set = await client.PutAsync($"/v1/maps/m/keys/{i}", value, TestContext.Current.CancellationToken);
            Assert.True(set.IsSuccessStatusCode);
        }

        using var reader = new TcpClient { ReceiveBufferSize = 4096 };
        await reader.ConnectAsync("127.0.0.1", client.BaseAddress.Port, TestContext.Current.CancellationToken);
        await reader.GetStream().WriteAsync(
            "GET /v1/maps/m/keys HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"u8.ToArray());
        var begin = new byte[15];
        await reader.GetStream().ReadExactlyAsync(begin, TestContext.Current.CancellationToken);
        Assert.Equal("HTTP/1.1 200 OK", Encoding.ASCII.GetString(begin));

        agent.Terminate();
        await other.UntilAsync(() => other.Lines[^1] == "peers 0", "it has left");

        using var rest = new MemoryStream();
        await reader.GetStream().CopyToAsync(rest, TestContext.Current.CancellationToken);
        Assert.True(rest.Length > 12 << 20, $"{rest.Length} bytes");
        Assert.Equal(0, await agent.ExitAsync());
    }
}
