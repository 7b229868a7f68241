using System.Runtime.InteropServices;
using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Maps;

/// <summary>
/// <c>/v1/maps/{name}/lines</c>: a whole map as JSON lines, which are passed on as they are made, and JSON lines into a
/// map.
/// </summary>
internal sealed class MapTransfer(ServedNode served) : IDisposable
{
    /// <summary>As many transfers at once: each holds a snapshot, or fills batches.</summary>
    private const int Places = 8;

    private const int LargestImportBytes = 16 << 20;

    private const string MediaType = "application/x-ndjson";

    /// <summary>How long an import waits for the others.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _places = new(Places);

    /// <summary>One import at a time.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Adds the routes.</summary>
    public void Map(ServiceRoutes routes)
    {
        routes.Get("/v1/maps/{name}/lines", context => WithPlaceAsync(context, ExportAsync));
        routes.Post("/v1/maps/{name}/lines", context => WithPlaceAsync(context, ImportAsync));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _places.Dispose();
        _turn.Dispose();
    }

    private async Task WithPlaceAsync(HttpContext context, Func<HttpContext, Task> transfer)
    {
        if (!_places.Wait(0, CancellationToken.None))
        {
            throw new ProblemException(Problems.Full(
                "transfers", $"{Places} maps are being exported or imported already."));
        }

        try
        {
            await transfer(context).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    private Task ExportAsync(HttpContext context)
    {
        var map = MapField.Known(context, served.Node);
        context.Response.ContentType = MediaType;
        return map.Snapshot().ExportAsync(context.Response.Body, CallEnd.Of(context));
    }

    private async Task ImportAsync(HttpContext context)
    {
        var (known, concern) = (MapField.Find(context, served.Node), MapField.Concern(context));
        var body = await CallBody.ReadAsync(context, LargestImportBytes).ConfigureAwait(false);
        if (HasNoLine(body.Span))
        {
            // Nothing is written, and so no map is made.
            await AnswerAsync(context, 0).ConfigureAwait(false);
            return;
        }

        var map = known ?? MapField.Map(context, served.Node);

        // Counters are changed by what they differ from those that are there, so two imports must not be mixed.
        if (!await _turn.WaitAsync(s_patience, CallEnd.Of(context)).ConfigureAwait(false))
        {
            throw new ProblemException(Problems.Full("transfers", "Another import takes long; they go in turn."));
        }

        try
        {
            using var input = Streamed(body);
            var lines = await MapRefusals.TryAsync(
                () => map.ImportAsync(input, concern, CallEnd.Of(context))).ConfigureAwait(false);
            await AnswerAsync(context, lines).ConfigureAwait(false);
        }
        catch (FormatException wrong)
        {
            throw new ProblemException(Problems.Field(
                "body", "JSON lines as GET gives them", $"{wrong.Message} The lines before it are written."));
        }
        finally
        {
            _turn.Release();
        }
    }

    private static Task AnswerAsync(HttpContext context, long lines) =>
        CallBody.WriteAsync(context, new MapImportItem(lines), MapsJson.Relaxed.MapImportItem);

    private static bool HasNoLine(ReadOnlySpan<byte> lines) => lines.Trim(" \t\r\n"u8).IsEmpty;

    private static MemoryStream Streamed(ReadOnlyMemory<byte> body) =>
        MemoryMarshal.TryGetArray(body, out var bytes) ? new(bytes.Array!, bytes.Offset, bytes.Count)
            : new(body.ToArray());
}
