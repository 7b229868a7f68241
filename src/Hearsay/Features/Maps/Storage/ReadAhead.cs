using System.Buffers;
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
        using var chunks = new BlockingCollection<ArraySegment<T>>(MostChunks);
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

                ArrayPool<T>.Shared.Return(chunk.Array!, clearArray: true);
            }
        }
        finally
        {
            // If the reader has given up, nobody waits for the rest.
            ended.Cancel();
            reading.GetAwaiter().GetResult();
        }
    }

    private static void Read<T>(
        IEnumerable<T> items, BlockingCollection<ArraySegment<T>> chunks, CancellationToken cancellation)
    {
        try
        {
            var (chunk, count) = (ArrayPool<T>.Shared.Rent(ChunkLength), 0);
            foreach (var item in items)
            {
                chunk[count++] = item;
                if (count == ChunkLength)
                {
                    chunks.Add(new ArraySegment<T>(chunk, 0, count), cancellation);
                    (chunk, count) = (ArrayPool<T>.Shared.Rent(ChunkLength), 0);
                }
            }

            chunks.Add(new ArraySegment<T>(chunk, 0, count), cancellation);
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
