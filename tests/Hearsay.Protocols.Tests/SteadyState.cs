namespace Hearsay.Protocols.Tests;

/// <summary>What work allocates when it goes on and on.</summary>
internal static class SteadyState
{
    /// <summary>
    /// The bytes that this thread allocates while the work is done once more: the least of three times. The runtime
    /// allocates now and then, when it compiles code anew or fills a pool that a collection has emptied; what the work
    /// itself needs it needs every time.
    /// </summary>
    public static long Bytes(Action work)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 3 && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
