using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Hearsay.Agent.Seeds;

/// <summary>Asks the name servers of the host for SRV records (RFC 2782), which .NET does not look up.</summary>
internal static class SrvLookup
{
    private const int DnsPort = 53;
    private const int Tries = 2;
    private const string Configuration = "/etc/resolv.conf";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>The targets of a name, each <c>HOST:PORT</c>.</summary>
    /// <exception cref="IOException">No name server answers with such records.</exception>
    public static Task<IReadOnlyList<string>> SeedsAsync(string name, CancellationToken cancellation) =>
        SeedsAsync(name, Servers(), cancellation);

    /// <summary>The targets of a name, as the first of these servers that answers has them.</summary>
    /// <exception cref="IOException">None does.</exception>
    public static async Task<IReadOnlyList<string>> SeedsAsync(
        string name, IReadOnlyList<IPEndPoint> servers, CancellationToken cancellation)
    {
        var why = servers.Count == 0 ? $"{Configuration} names no name server." : "no name server has answered.";
        foreach (var server in Enumerable.Repeat(servers, Tries).SelectMany(static all => all))
        {
            var number = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue);
            if (SrvMessage.Question(number, name) is not { } question)
            {
                throw new IOException($"'{name}' is no name.");
            }

            var answer = await AskAsync(server, question, cancellation).ConfigureAwait(false);
            if (answer is not null && SrvMessage.TryRead(answer, number, out var seeds, out var problem))
            {
                return problem is null ? seeds : throw new IOException(problem);
            }
        }

        throw new IOException(why);
    }

    private static async Task<byte[]?> AskAsync(
        IPEndPoint server, byte[] question, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_patience);
        try
        {
            using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(server, limit.Token).ConfigureAwait(false);
            await socket.SendAsync(question, limit.Token).ConfigureAwait(false);
            var buffer = new byte[4096];
            var length = await socket.ReceiveAsync(buffer, limit.Token).ConfigureAwait(false);
            return buffer[..length];
        }
        catch (Exception none) when (none is SocketException
            || (none is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    private static List<IPEndPoint> Servers()
    {
        try
        {
            return
            [
                .. File.ReadLines(Configuration)
                    .Select(static line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                    .Where(static words => words is ["nameserver", _, ..] && IPAddress.TryParse(words[1], out _))
                    .Select(static words => new IPEndPoint(IPAddress.Parse(words[1]), DnsPort)),
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
