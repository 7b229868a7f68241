using System.Runtime.CompilerServices;

namespace Hearsay.Learning.Tests;

/// <summary>Limits for sequences that may never yield.</summary>
internal static class AsyncLimits
{
    public static async IAsyncEnumerable<T> WithTimeout<T>(
        this IAsyncEnumerable<T> items, TimeSpan limit, [EnumeratorCancellation] CancellationToken token = default)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(token);
        late.CancelAfter(limit);
        await foreach (var item in items.WithCancellation(late.Token))
        {
            yield return item;
        }
    }
}
