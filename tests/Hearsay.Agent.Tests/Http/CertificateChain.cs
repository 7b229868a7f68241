using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Hearsay.Agent.Tests.Http;

/// <summary>An authority, one below it, and a server of that one.</summary>
internal static class CertificateChain
{
    /// <summary>Writes the root, the server's certificate with the one in between, and the server's key.</summary>
    public static (string Root, string Chain, string Key) Write(string directory)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (start, end) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var root = Authority("CN=hearsay root", rootKey).CreateSelfSigned(start, end);
        using var middle = Authority("CN=hearsay middle", middleKey).Create(root, start, end, [1]);
        using var signing = middle.CopyWithPrivateKey(middleKey);
        var request = new CertificateRequest("CN=hearsay", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var own = request.Create(signing, start, end, [2]);
        return (
            Write(directory, "root.pem", root.ExportCertificatePem()),
            Write(directory, "fullchain.pem", $"{own.ExportCertificatePem()}\n{middle.ExportCertificatePem()}\n"),
            Write(directory, "key.pem", key.ExportPkcs8PrivateKeyPem()));
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        return request;
    }

    private static string Write(string directory, string name, string text)
    {
        var file = Path.Combine(directory, name);
        File.WriteAllText(file, text);
        return file;
    }
}
