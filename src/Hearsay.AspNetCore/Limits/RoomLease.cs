namespace Hearsay.AspNetCore.Limits;

/// <summary>The bytes of a budget that one call has taken; it gives them back when it ends.</summary>
internal sealed class RoomLease(ByteBudget budget) : IDisposable
{
    private long _bytes;

    /// <summary>Takes more, until it has so many.</summary>
    /// <returns>False if the budget has not so many left.</returns>
    public bool TryGrow(long bytes)
    {
        if (bytes > _bytes && !budget.TryTake(bytes - _bytes))
        {
            return false;
        }

        _bytes = Math.Max(_bytes, bytes);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        budget.Return(_bytes);
        _bytes = 0;
    }
}
