using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hearsay.Security;

namespace Hearsay.Agent.Http;

/// <summary>
/// Reads the options of the HTTP service. What others than this machine can reach has a token and, unless it is said
/// otherwise, a certificate.
/// </summary>
/// <param name="values">The options that were given, by <see cref="Settings.AgentSetting.Key"/>.</param>
internal sealed class HttpPlanReader(IReadOnlyDictionary<string, string?> values)
{
    private const int LeastTokenCharacters = 16;
    private const int MostTokenBytes = 4096;

    private readonly List<string> _errors = [];

    /// <summary>What is wrong; empty if nothing is.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>The plan; null if HTTP is not served, or something is wrong.</summary>
    public HttpPlan? Read()
    {
        var text = values.GetValueOrDefault("Http");
        if (text is not null && text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var endPoint = text is null ? HttpPlan.Default.EndPoint : EndPointOf(text);
        var plan = new HttpPlan(
            endPoint ?? HttpPlan.Default.EndPoint, text is not null, ReadToken(), ReadCertificate(out var issuers))
        {
            Issuers = issuers,
            Origins =
            [
                .. values.Where(static value => value.Key.StartsWith("HttpOrigins:", StringComparison.Ordinal))
                    .OrderBy(static value => value.Key, StringComparer.Ordinal).Select(static value => value.Value!),
            ],
            WritesPerSecond = int.TryParse(
                values.GetValueOrDefault("HttpWritesPerSecond"), CultureInfo.InvariantCulture, out var writes)
                    ? writes : HttpPlan.Default.WritesPerSecond,
        };
        CheckOptions(plan);
        if (endPoint is not null && !plan.IsLocal)
        {
            CheckReachable(plan);
        }

        return _errors.Count == 0 ? plan : null;
    }

    /// <summary>What the service says of them, in the words of the command line.</summary>
    private void CheckOptions(HttpPlan plan)
    {
        try
        {
            plan.Options.ThrowIfInvalid();
        }
        catch (ArgumentException wrong)
        {
            _errors.Add(wrong.Message.Replace("AllowedOrigins", "--http-origin", StringComparison.Ordinal)
                .Replace("Limits.WritesPerSecond", "--http-writes-per-second", StringComparison.Ordinal));
        }
    }

    private void CheckReachable(HttpPlan plan)
    {
        if (plan.Token is null && values.GetValueOrDefault("HttpTokenFile") is null)
        {
            _errors.Add($"--http {plan.EndPoint}: others than this machine can reach that, so it needs "
                + "--http-token-file.");
        }

        var isInsecure = bool.TryParse(values.GetValueOrDefault("HttpInsecure"), out var said) && said;
        if (plan.Certificate is null && values.GetValueOrDefault("HttpCertificate") is null && !isInsecure)
        {
            _errors.Add($"--http {plan.EndPoint}: others than this machine can reach that, so it needs "
                + "--http-certificate and --http-key; or --http-insecure true where the network is trusted or "
                + "something else encrypts.");
        }
    }

    private IPEndPoint? EndPointOf(string text)
    {
        var digits = text[(text.LastIndexOf(':') + 1)..];
        if (text.Contains(':', StringComparison.Ordinal)
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port <= IPEndPoint.MaxPort
            && IPAddress.TryParse(AddressOf(text[..^(digits.Length + 1)]), out var address))
        {
            return new IPEndPoint(address, port);
        }

        _errors.Add($"--http must be ADDRESS:PORT, such as 127.0.0.1:7980 or [::1]:7980, or none; not '{text}'.");
        return null;
    }

    private static string AddressOf(string host) => host switch
    {
        "localhost" => "127.0.0.1",
        ['[', .. var inside, ']'] when inside.Contains(':', StringComparison.Ordinal) => inside,
        _ => host.Contains(':', StringComparison.Ordinal) ? string.Empty : host,
    };

    private string? ReadToken()
    {
        if (values.GetValueOrDefault("HttpTokenFile") is not { } file)
        {
            return null;
        }

        try
        {
            return IsPrivate(file) ? TokenOf(file) : null;
        }
        catch (Exception error) when (error
            is IOException or UnauthorizedAccessException or ArgumentException or FormatException)
        {
            _errors.Add($"--http-token-file: '{file}' cannot be read: {error.Message}");
            return null;
        }
    }

    private bool IsPrivate(string file)
    {
        if (OperatingSystem.IsWindows() || SecretFile.IsPrivate(file, File.GetUnixFileMode(file)))
        {
            return true;
        }

        _errors.Add($"--http-token-file: others than its owner may use '{file}'. Run 'chmod 600' on it.");
        return false;
    }

    private string? TokenOf(string file)
    {
        using var stream = File.OpenRead(file);
        var bytes = new byte[MostTokenBytes];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var token = System.Text.Encoding.UTF8.GetString(Utf8Mark.Skip(bytes.AsMemory(0, length)).Span).Trim();
        if (token.Length >= LeastTokenCharacters && length < MostTokenBytes
            && token.All(static letter => letter is > ' ' and <= '~'))
        {
            return token;
        }

        _errors.Add($"--http-token-file: '{file}' must hold one token of at least {LeastTokenCharacters} visible "
            + "ASCII characters, for instance of 'openssl rand -hex 32'.");
        return null;
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The service uses it until the process ends.")]
    private X509Certificate2? ReadCertificate(out X509Certificate2Collection issuers)
    {
        issuers = [];
        var (certificate, key) = (values.GetValueOrDefault("HttpCertificate"), values.GetValueOrDefault("HttpKey"));
        if (certificate is null)
        {
            if (key is not null)
            {
                _errors.Add("--http-key needs --http-certificate.");
            }

            return null;
        }

        try
        {
            // The first one is the server's own; those after it lead to an authority that callers trust.
            var own = X509Certificate2.CreateFromPemFile(certificate, key);
            issuers.ImportFromPemFile(certificate);
            issuers.RemoveAt(0);
            return own;
        }
        catch (Exception error) when (error
            is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            _errors.Add($"--http-certificate: '{certificate}' and its key cannot be used: {error.Message}");
            return null;
        }
    }
}
