using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Features.Aggregates;

/// <summary>
/// That an application gives values to an aggregate, from the moment it takes part until it is released: one callback,
/// asked once at a time. A callback that hangs holds up its own claim and nothing else; what it returns after the claim
/// has ended is dropped, and the next claim to the same aggregate is asked for itself.
/// </summary>
internal sealed class ValueClaim(AggregateFeed feed, Func<AggregateInput?> source, AggregateService service)
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Reading = 2;

    private int _state;
    private long _epoch;
    private volatile bool _isReleased;

    /// <summary>Whose values they are.</summary>
    public AggregateFeed Feed { get; } = feed;

    /// <summary>
    /// A value is wanted. If the one asked for before waits for a thread it is given for this epoch; if the callback
    /// still runs, there is none.
    /// </summary>
    /// <param name="epoch">Goes into the answer.</param>
    /// <returns>False if the one before is late.</returns>
    public bool TryAsk(long epoch)
    {
        Volatile.Write(ref _epoch, epoch);
        return Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle;
    }

    /// <summary>It does not wait for a thread any more: there was no room.</summary>
    public void Cancel() => Volatile.Write(ref _state, Idle);

    /// <summary>The application has lost interest.</summary>
    public void Release() => _isReleased = true;

    /// <summary>Asks the application; on a thread that it may hold as long as it likes.</summary>
    public void Read()
    {
        Volatile.Write(ref _state, Reading);
        try
        {
            if (!_isReleased && source() is { } input && !_isReleased)
            {
                service.Give(Feed, Volatile.Read(ref _epoch), input);
            }
        }
        catch (Exception)
        {
            // The application's own fault: this node gives no value in this epoch, and the counter tells.
            service.CountFault();
        }
        finally
        {
            Volatile.Write(ref _state, Idle);
            service.EndRead();
        }
    }
}
