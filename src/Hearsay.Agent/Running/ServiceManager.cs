using System.Net.Sockets;
using System.Text;

namespace Hearsay.Agent.Running;

/// <summary>
/// Tells systemd, or whatever has set <c>NOTIFY_SOCKET</c>, when an agent has started and when it stops (sd_notify).
/// Without that variable it does nothing.
/// </summary>
internal sealed class ServiceManager(string? socket, Action<string> warn)
{
    private const string Variable = "NOTIFY_SOCKET";

    /// <summary>Of this process.</summary>
    public static ServiceManager OfProcess(Action<string> warn) =>
        new(Environment.GetEnvironmentVariable(Variable), warn);

    /// <summary>The agent serves.</summary>
    public void Ready() => Tell("READY=1");

    /// <summary>The agent leaves its network.</summary>
    public void Stopping() => Tell("STOPPING=1");

    private void Tell(string state)
    {
        if (string.IsNullOrEmpty(socket))
        {
            return;
        }

        try
        {
            // A name that begins with an at sign is one of the abstract namespace.
            var path = socket[0] == '@' ? "\0" + socket[1..] : socket;
            using var sender = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            sender.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path));
        }
        catch (Exception error) when (error is SocketException or ArgumentException or PlatformNotSupportedException)
        {
            warn($"{Variable} '{socket}' cannot be told {state}: {error.Message}");
        }
    }
}
