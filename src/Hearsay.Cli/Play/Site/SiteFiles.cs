using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hearsay.Cli.Play.Live;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;

namespace Hearsay.Cli.Play.Site;

/// <summary>Hands out the files of the page: to this machine only, compressed where the browser takes that.</summary>
internal sealed class SiteFiles
{
    private const string Compressed = ".br";

    private readonly string _root;
    private readonly HashSet<string> _paths;
    private readonly FileExtensionContentTypeProvider _types = new();
    private readonly string _policy;
    private readonly LiveGate? _live;
    private readonly OpenedTrace? _trace;

    /// <summary>The files of a folder, which does not change any more.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="live">Live nodes that the page can show; null for none.</param>
    /// <param name="trace">A trace that the page can open; null for none.</param>
    public SiteFiles(string root, LiveGate? live = null, OpenedTrace? trace = null)
    {
        (_root, _live, _trace) = (root, live, trace);
        _paths = [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(file => "/" + Path.GetRelativePath(root, file).Replace('\\', '/'))];
        _types.Mappings[".dat"] = "application/octet-stream";
        _policy = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
            + $"script-src 'self' 'wasm-unsafe-eval'{InlineHash(root)}; connect-src 'self'; object-src 'none'; "
            + "base-uri 'none'; frame-ancestors 'self'; form-action 'none'";
    }

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (!IsLocalName(request.Host.Host))
        {
            // Another site's page that had its name point here.
            await RefuseAsync(response, StatusCodes.Status403Forbidden, "This page is for this machine only.")
                .ConfigureAwait(false);
            return;
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            await RefuseAsync(response, StatusCodes.Status405MethodNotAllowed, "GET and HEAD only.")
                .ConfigureAwait(false);
            return;
        }

        var path = request.Path.Value ?? "/";
        if (path == LiveGate.Path && _live is { } live)
        {
            await live.HandleAsync(context).ConfigureAwait(false);
            return;
        }

        if (path == _trace?.Path)
        {
            await SendTraceAsync(context, _trace).ConfigureAwait(false);
            return;
        }

        path = path.EndsWith('/') ? path + "index.html" : path;
        if (!_paths.Contains(path))
        {
            await RefuseAsync(response, StatusCodes.Status404NotFound, "There is no such file.").ConfigureAwait(false);
            return;
        }

        await SendAsync(context, path).ConfigureAwait(false);
    }

    private async Task SendAsync(HttpContext context, string path)
    {
        var response = context.Response;
        var takesBrotli = context.Request.Headers.AcceptEncoding
            .Any(static value => value?.Contains("br", StringComparison.Ordinal) == true);
        var file = takesBrotli && _paths.Contains(path + Compressed) ? path + Compressed : path;
        response.ContentType = _types.TryGetContentType(path, out var type) ? type : "application/octet-stream";
        response.Headers.ContentSecurityPolicy = _policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = path.StartsWith("/_framework/", StringComparison.Ordinal)
            ? "max-age=31536000, immutable" : "no-cache";
        response.Headers.Vary = "Accept-Encoding";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (file != path)
        {
            response.Headers.ContentEncoding = "br";
        }

        var full = Path.Combine(_root, file[1..]);
        response.ContentLength = new FileInfo(full).Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.SendFileAsync(full, context.RequestAborted).ConfigureAwait(false);
        }
    }

    /// <summary>The trace as it is now: a run may still write it.</summary>
    private static async Task SendTraceAsync(HttpContext context, OpenedTrace trace)
    {
        var response = context.Response;
        var info = new FileInfo(trace.File);
        if (!info.Exists || info.Length > OpenedTrace.MostBytes)
        {
            await RefuseAsync(response, StatusCodes.Status404NotFound, "The trace is gone, or has become too long.")
                .ConfigureAwait(false);
            return;
        }

        response.ContentType = "text/plain; charset=utf-8";
        response.ContentLength = info.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.SendFileAsync(trace.File, 0, info.Length, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static async Task RefuseAsync(HttpResponse response, int status, string why)
    {
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        await response.WriteAsync(why).ConfigureAwait(false);
    }

    private static bool IsLocalName(string host) => host is "127.0.0.1" or "localhost" or "[::1]";

    /// <summary>The one script inside the page, which says where the fingerprinted files are.</summary>
    private static string InlineHash(string root)
    {
        const string Begin = "<script type=\"importmap\">", End = "</script>";
        var page = File.ReadAllText(Path.Combine(root, "index.html"));
        var begin = page.IndexOf(Begin, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : page.IndexOf(End, begin, StringComparison.Ordinal);
        if (end < 0)
        {
            return "";
        }

        var script = page[(begin + Begin.Length)..end].ReplaceLineEndings("\n");
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        return string.Create(CultureInfo.InvariantCulture, $" 'sha256-{hash}'");
    }
}
