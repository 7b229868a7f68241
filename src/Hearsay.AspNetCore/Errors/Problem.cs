using System.Text.Json.Serialization;

namespace Hearsay.AspNetCore.Errors;

/// <summary>Why a call was refused, as RFC 9457 writes it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">A word that programs compare, such as <c>no-peer</c>.</param>
/// <param name="Title">The type in words; the same for all problems of the type.</param>
/// <param name="Detail">What is wrong this time, and what to do.</param>
internal sealed record Problem(int Status, string Type, string Title, string Detail)
{
    /// <summary>The path, query, header or body field that is wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Field { get; init; }

    /// <summary>The values that the field takes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Allowed { get; init; }

    /// <summary>Whether the handler of a request may have run although there is no answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? MayHaveRun { get; init; }

    /// <summary>When the same call may succeed; also the header <c>Retry-After</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RetryAfterSeconds { get; init; }
}
