using System.Diagnostics;
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

    [Fact]
    public async Task Who_trusts_the_root_alone_can_verify_a_certificate_with_its_intermediate_also_after_a_reload()
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-https-");
        var (root, chain, key) = CertificateChain.Write(directory.FullName);
        using var agent = new AgentProcess(
            "--bind", "127.0.0.1:0", "--http", "127.0.0.1:0", "--http-certificate", chain, "--http-key", key);
        await agent.StartedAsync();
        var (status, _) = await Curl.RunAsync($"curl --cacert '{root}' {agent.Url}/v1/health/live");
        Assert.Equal("200", status);

        Process.Start("kill", ["-HUP", $"{agent.ProcessId}"]).WaitForExit();
        await agent.UntilAsync(() => agent.Errors.Contains("reload: done"), "it is read again");
        (status, _) = await Curl.RunAsync($"curl --cacert '{root}' {agent.Url}/v1/health/live");
        Assert.Equal("200", status);

        var trusting = new Dictionary<string, string> { ["SSL_CERT_FILE"] = root };
        using var known = new HearsayProcess(trusting, "info", "--agent", agent.Url);
        Assert.Equal(0, await known.ExitAsync());
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task The_command_says_why_it_cannot_call_an_agent_that_is_there()
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-https-");
        var (_, chain, key) = CertificateChain.Write(directory.FullName);
        using var agent = new AgentProcess(
            "--bind", "127.0.0.1:0", "--http", "127.0.0.1:0", "--http-certificate", chain, "--http-key", key);
        await agent.StartedAsync();
        var (code, _, error) = await Cli.RunAsync($"info --agent {agent.Url}");
        Assert.Equal(3, code);
        Assert.StartsWith(
            $"The certificate of the agent at {agent.Url} is not accepted: ", error, StringComparison.Ordinal);
        Assert.Contains("SSL_CERT_FILE", error, StringComparison.Ordinal);

        var plain = agent.Url.Replace("https:", "http:", StringComparison.Ordinal);
        (code, _, error) = await Cli.RunAsync($"info --agent {plain}");
        Assert.Equal(3, code);
        Assert.StartsWith($"What listens at {plain} does not answer HTTP. ", error, StringComparison.Ordinal);

        using var open = new AgentProcess("--bind", "127.0.0.1:0", "--http", "127.0.0.1:0");
        await open.StartedAsync();
        var encrypted = open.Url.Replace("http:", "https:", StringComparison.Ordinal);
        (code, _, error) = await Cli.RunAsync($"info --agent {encrypted}");
        Assert.Equal(3, code);
        Assert.StartsWith($"What listens at {encrypted} does not answer HTTPS: ", error, StringComparison.Ordinal);

        (code, _, error) = await Cli.RunAsync("info --agent http://127.0.0.1:1");
        Assert.Equal(3, code);
        Assert.Contains("No agent answers at http://127.0.0.1:1. Start one", error, StringComparison.Ordinal);
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
