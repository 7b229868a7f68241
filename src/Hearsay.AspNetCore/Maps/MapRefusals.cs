using Hearsay.AspNetCore.Errors;
using Hearsay.Features.Maps;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Maps;

/// <summary>What is told to a caller whose write a map does not take.</summary>
internal static class MapRefusals
{
    /// <summary>Writes, and turns what a map throws into the problem that the caller reads.</summary>
    /// <param name="write">The write.</param>
    /// <exception cref="ProblemException">The map did not take it.</exception>
    public static async Task<T> TryAsync<T>(Func<Task<T>> write)
    {
        try
        {
            return await write().ConfigureAwait(false);
        }
        catch (WriteConcernException few)
        {
            throw new ProblemException(new Problem(
                StatusCodes.Status504GatewayTimeout, "too-few-nodes", "Too few nodes had the write in time",
                few.Message));
        }
        catch (IOException failed)
        {
            throw new ProblemException(new Problem(
                StatusCodes.Status507InsufficientStorage, "store-failed", "The store of the map failed",
                failed.Message));
        }
        catch (CounterRangeException beyond)
        {
            throw new ProblemException(Problems.Conflict(
                "counter-full", "The counter has no room for it", beyond.Message));
        }
        catch (Exception refused)
            when (refused is HearsayException or InvalidOperationException and not ObjectDisposedException)
        {
            throw new ProblemException(Problems.Unavailable(
                "not-taken", "The node does not take the write now", refused.Message));
        }
    }
}
