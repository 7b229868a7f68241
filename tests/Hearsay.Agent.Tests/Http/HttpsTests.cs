using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Hearsay.Agent.Tests.Http;

public sealed class HttpsTests
{
    [Fact]
    public async Task With_a_certificate_and_a_token_an_agent_serves_others_encrypted()
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-https-");
        var (certificate, key) = Certificate(directory.FullName);
        using var token = new TokenFile(new string('t', 32), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var agent = new AgentProcess(
            "--bind", "127.0.0.1:0", "--http", "0.0.0.0:0", "--http-token-file", token.Path, "--http-certificate",
            certificate, "--http-key", key);
        await agent.StartedAsync();
        Assert.StartsWith("https://", agent.Url, StringComparison.Ordinal);
        var url = agent.Url.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);

        var (status, body) = await Curl.RunAsync(
            $"curl --cacert '{certificate}' -H 'Authorization: Bearer {new string('t', 32)}' {url}/v1/node");
        Assert.Equal("200", status);
        Assert.Contains(agent.Id, body);
        Assert.Equal("401", (await Curl.RunAsync($"curl --cacert '{certificate}' {url}/v1/node")).Status);
        Assert.Equal("200", (await Curl.RunAsync($"curl --cacert '{certificate}' {url}/v1/health/live")).Status);
        Assert.NotEqual("200", (await Curl.RunAsync($"curl --cacert '{certificate}' --tls-max 1.1 {url}/v1/health/live"
            + " || true")).Status);
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Plain_HTTP_junk_and_calls_that_break_off_do_not_end_an_agent_that_serves_encrypted()
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-https-");
        var (certificate, key) = Certificate(directory.FullName);
        using var token = new TokenFile(new string('t', 32), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var agent = new AgentProcess(
            "--bind", "127.0.0.1:0", "--http", "127.0.0.1:0", "--http-token-file", token.Path, "--http-certificate",
            certificate, "--http-key", key);
        await agent.StartedAsync();
        var cancellation = TestContext.Current.CancellationToken;
        byte[][] hostile = ["GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), [22, 3, 1, 0, 5, 1], new byte[4096], []];
        var halfOpen = new List<TcpClient>();
        for (var i = 0; i < 40; i++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, new Uri(agent.Url).Port, cancellation);
            await client.GetStream().WriteAsync(hostile[i % 4], cancellation);
            halfOpen.Add(client);
            if (i % 3 == 0)
            {
                client.Dispose();
            }
        }

        var (status, _) = await Curl.RunAsync(
            $"curl --cacert '{certificate}' -H 'Authorization: Bearer {new string('t', 32)}' {agent.Url}/v1/node");
        Assert.Equal("200", status);
        halfOpen.ForEach(static client => client.Dispose());
        agent.Terminate();
        Assert.Equal(0, await agent.ExitAsync());
        directory.Delete(recursive: true);
    }

    private static (string Certificate, string Key) Certificate(string directory)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=hearsay", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (certificateFile, keyFile) = (Path.Combine(directory, "cert.pem"), Path.Combine(directory, "key.pem"));
        File.WriteAllText(certificateFile, made.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }
}
