using System.CommandLine;
using System.Text.Json;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Calls;

/// <summary>Tells what <c>hearsay publish</c> has done: as lines, or as one JSON object when all is known.</summary>
/// <param name="console">Where it goes.</param>
/// <param name="isJson">Whether a program reads it.</param>
internal sealed class PublishTeller(InvocationConfiguration console, bool isJson)
{
    private string _id = string.Empty;
    private long _bytes;

    /// <summary>Where it is said what is waited for.</summary>
    public TextWriter Error => console.Error;

    /// <summary>The message is on its way.</summary>
    /// <param name="id">Of the message.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="isTracked">Whether <see cref="ReachedAsync"/> follows.</param>
    public Task PublishedAsync(string id, long bytes, bool isTracked)
    {
        (_id, _bytes) = (id, bytes);
        return !isJson ? console.Output.WriteLineAsync($"published {id}, {Counted.Of(bytes, "byte")}")
            : isTracked ? Task.CompletedTask : console.Output.WriteLineAsync(JsonLine.Of(Write));
    }

    /// <summary>No more nodes acknowledge it.</summary>
    /// <param name="others">The nodes that did, beside the publisher.</param>
    /// <param name="within">How long that took, to follow a sentence.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> ReachedAsync(long others, string within = "")
    {
        if (isJson)
        {
            await console.Output.WriteLineAsync(JsonLine.Of(json =>
            {
                Write(json);
                json.WriteNumber("otherNodes", others);
            })).ConfigureAwait(false);
        }
        else if (others > 0)
        {
            await console.Output.WriteLineAsync($"reached at least {Counted.Of(others, "other node")}")
                .ConfigureAwait(false);
        }

        return others > 0 ? 0 : await UnheardAsync(within).ConfigureAwait(false);
    }

    /// <summary>Nobody has it.</summary>
    /// <param name="within">How long that took, to follow a sentence.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> UnheardAsync(string within)
    {
        await console.Error.WriteLineAsync($"No other node acknowledged the message{within}.").ConfigureAwait(false);
        return CallRun.No;
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteString("id", _id);
        json.WriteNumber("bytes", _bytes);
    }
}
