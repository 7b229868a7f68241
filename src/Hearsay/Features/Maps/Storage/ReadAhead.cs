using System.Collections.Concurrent;

namespace Hearsay.Features.Maps.Storage;

/// <summary>Enumerates something on a thread of its own, some way ahead of its reader.</summary>
internal static class ReadAhead
{
    private const int ChunkLength = 1_024;
    private const int MostChunks = 16;

    /// <summary>The same items in the same order. An exception of theirs comes out here.</summary>
    public static IEnumerable<T> Of<T>(IEnumerable<T> items)
    {
        using var chunks = new BlockingCollection<T[]>(MostChunks);
        using var ended = new CancellationTokenSource();
        var reading = Task.Factory.StartNew(
            () => Read(items, chunks, ended.Token), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            foreach (var chunk in chunks.GetConsumingEnumerable(CancellationToken.None))
            {
                foreach (var item in chunk)
                {
                    yield return item;
                }
            }
        }
        finally
        {
            // If the reader has given up, nobody waits for the rest.
            ended.Cancel();
            reading.GetAwaiter().GetResult();
        }
    }

    private static void Read<T>(IEnumerable<T> items, BlockingCollection<T[]> chunks, CancellationToken cancellation)
    {
        try
        {
            foreach (var chunk in items.Chunk(ChunkLength))
            {
                chunks.Add(chunk, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
        finally
        {
            chunks.CompleteAdding();
        }
    }
}
