using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Hearsay.Agent.Tests.Running;

/// <summary>A process that has no file descriptor left, for whatever reason, goes on as a node.</summary>
public sealed class DescriptorsUsedUpTests
{
    private const int OpenFiles = 7;

    [Fact, Campaign]
    public async Task An_agent_without_a_descriptor_left_goes_on_and_takes_connections_again_when_there_are_some()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It sets the limit of another process, which Linux can.");
        using var agent = new AgentProcess("--bind", "127.0.0.1:0", "--http", "none", "--verbose");
        await agent.StartedAsync();
        using var other = new AgentProcess("--bind", "127.0.0.1:0", "--http", "none", "--seed", agent.Address);
        await agent.UntilAsync(() => agent.Peers.Length == 1, "it has a peer");

        // What the program still has to load needs descriptors, too: for its first connection, for instance.
        (await ConnectAsync(agent)).Dispose();
        await Task.Delay(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        var used = (ulong)Directory.GetFiles($"/proc/{agent.ProcessId}/fd").Length;
        Assert.Equal(0, SetLimit(agent.ProcessId, OpenFiles, new Limit { Soft = used, Hard = 4096 }, 0));

        var connections = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            connections.Add(await ConnectAsync(agent));
        }

        // It took half a minute of errors until the process ended.
        await Task.Delay(TimeSpan.FromSeconds(50), TestContext.Current.CancellationToken);
        Assert.False(agent.HasExited, agent.Errors);
        Assert.Equal(0, SetLimit(agent.ProcessId, OpenFiles, new Limit { Soft = 4096, Hard = 4096 }, 0));
        connections.ForEach(static one => one.Dispose());

        using var third = new AgentProcess("--bind", "127.0.0.1:0", "--http", "none", "--seed", agent.Address);
        await agent.UntilAsync(() => agent.Peers.Length == 2, "it has another peer");
        agent.Terminate();
        Assert.Equal(0, await agent.ExitAsync());
    }

    private static async Task<Socket> ConnectAsync(AgentProcess agent)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPEndPoint.Parse(agent.Address), TestContext.Current.CancellationToken);
        return socket;
    }

    [DllImport("libc", EntryPoint = "prlimit")]
    private static extern int SetLimit(int process, int resource, in Limit limit, nint before);

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
