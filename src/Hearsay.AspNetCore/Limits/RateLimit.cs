namespace Hearsay.AspNetCore.Limits;

/// <summary>A bucket of tokens: so many calls a second, with one second in reserve. Safe on any thread.</summary>
internal sealed class RateLimit(int perSecond, TimeProvider time)
{
    private int _perSecond = perSecond;
    private readonly Lock _gate = new();
    private double _tokens = perSecond;
    private long _filled = time.GetTimestamp();

    /// <summary>Another limit from now on.</summary>
    public void Change(int perSecond)
    {
        lock (_gate)
        {
            _perSecond = perSecond;
        }
    }

    /// <summary>Takes a token.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryTake()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _tokens = Math.Min(
                _perSecond, _tokens + (time.GetElapsedTime(_filled, now).TotalSeconds * _perSecond));
            _filled = now;
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }
}
