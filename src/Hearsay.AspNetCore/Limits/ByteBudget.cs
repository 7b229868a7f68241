namespace Hearsay.AspNetCore.Limits;

/// <summary>Bytes that may be in use at a time. Safe on any thread.</summary>
internal sealed class ByteBudget(long mostBytes)
{
    private long _usedBytes;

    /// <summary>Bytes in use.</summary>
    public long UsedBytes => Interlocked.Read(ref _usedBytes);

    /// <summary>Takes bytes.</summary>
    /// <returns>False if there are not so many.</returns>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _usedBytes, bytes) <= mostBytes)
        {
            return true;
        }

        Interlocked.Add(ref _usedBytes, -bytes);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _usedBytes, -bytes);
}
