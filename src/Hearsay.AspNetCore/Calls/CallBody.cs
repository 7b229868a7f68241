using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hearsay.AspNetCore.Errors;
using Hearsay.AspNetCore.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hearsay.AspNetCore.Calls;

/// <summary>Reads the body of a call, and writes that of the answer.</summary>
internal static class CallBody
{
    /// <summary>The longest JSON body. Definitions and values are far shorter.</summary>
    private const int MaximumJsonBytes = 1 << 20;

    /// <summary>What is read before more memory is taken.</summary>
    private const int FirstBytes = 64 << 10;

    /// <summary>Reads a whole body of a bounded length.</summary>
    /// <param name="context">The call.</param>
    /// <param name="maximumBytes">A longer one ends the call with 413.</param>
    /// <remarks>
    /// Its bytes are counted until the call ends (<see cref="CallGate"/>); it ends with 503 if there is no room left.
    /// Only calls that write have bodies.
    /// </remarks>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, int maximumBytes)
    {
        var (request, room) = (context.Request, context.Features.GetRequiredFeature<RoomLease>());
        if (request.ContentLength > maximumBytes)
        {
            throw new ProblemException(Problems.TooLarge("body", maximumBytes));
        }

        // What a caller announces is believed only as far as it comes.
        var announced = (int)Math.Min(request.ContentLength ?? FirstBytes, FirstBytes);
        var buffer = new byte[Grow(room, announced + 1)];
        var length = 0;
        while (true)
        {
            var read = await ReadAsync(request.Body, buffer.AsMemory(length), CallEnd.Of(context))
                .ConfigureAwait(false);
            if (read == 0)
            {
                return buffer.AsMemory(0, length);
            }

            length += read;
            if (length > maximumBytes)
            {
                throw new ProblemException(Problems.TooLarge("body", maximumBytes));
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Grow(room, Math.Min(buffer.Length * 2, maximumBytes + 1)));
            }
        }
    }

    /// <summary>Reads a part of a body.</summary>
    /// <exception cref="BadHttpRequestException">The body is malformed, or its caller has gone.</exception>
    private static async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        }
        catch (IOException wrong) when (wrong is not BadHttpRequestException)
        {
            // The server says no more of a chunk of 2^64 bytes than that it cannot be read.
            throw new BadHttpRequestException("The body cannot be read.", StatusCodes.Status400BadRequest, wrong);
        }
    }

    private static int Grow(RoomLease room, int bytes) => room.TryGrow(bytes)
        ? bytes
        : throw new ProblemException(Problems.Full(
            "bodies", "Too many bytes of bodies are being read.", 1));

    /// <summary>Reads a JSON body; without a body it is what an empty object would be.</summary>
    public static async Task<T> ReadJsonAsync<T>(HttpContext context, JsonTypeInfo<T> type)
    {
        var body = await ReadAsync(context, MaximumJsonBytes).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(body.IsEmpty ? "{}"u8 : body.Span, type)
                ?? throw new ProblemException(Problems.Json("The body must be one JSON object, not null."));
        }
        catch (JsonException wrong)
        {
            throw new ProblemException(Problems.Json(JsonFault.Text(wrong)) with
            {
                Field = wrong.Path is { Length: > 2 } path ? CallField.Cut(path[2..]) : "body",
            });
        }
    }

    /// <summary>Answers with JSON.</summary>
    public static Task WriteAsync<T>(
        HttpContext context, T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
