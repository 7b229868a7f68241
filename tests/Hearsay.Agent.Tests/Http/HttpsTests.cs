using System.Net;
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
