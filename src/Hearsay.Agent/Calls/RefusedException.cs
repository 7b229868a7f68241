using System.Text.Json;

namespace Hearsay.Agent.Calls;

/// <summary>The agent refused a call, and says why.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="detail">Why, in words.</param>
/// <param name="problem">The same as it came, as JSON; null if an agent would not say it so.</param>
internal sealed class RefusedException(int status, string detail, string? problem = null) : Exception(detail)
{
    /// <summary>Why, as JSON; null if what answers is no agent.</summary>
    public string? Problem { get; } = problem;

    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>What an answer says.</summary>
    public static RefusedException Of(int status, string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            var root = problem.RootElement;
            var detail = root.GetProperty("detail").GetString()!;
            return new RefusedException(
                status, root.TryGetProperty("allowed", out var allowed) ? $"{detail} Allowed: {allowed}." : detail,
                body);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return new RefusedException(status, $"What answers there is no agent of Hearsay (status {status}).");
        }
    }
}
