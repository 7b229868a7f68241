namespace Hearsay.Features.Topics;

/// <summary>
/// How long publishers wait for the node's first link: all together so long from the first of them on, and not again
/// before a link came up. A node that finds nobody does not make each of them wait.
/// </summary>
internal sealed class LinkPatience(TimeProvider time)
{
    /// <summary>A handshake takes two round trips, and a second more where one of its packets is lost.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();

    /// <summary>When it is over; 0 while there was a link.</summary>
    private long _until;

    /// <summary>A message went over so many links.</summary>
    public void NoteSent(int links)
    {
        if (links > 0)
        {
            Renew();
        }
    }

    /// <summary>A message went over a link.</summary>
    public void Renew()
    {
        if (Volatile.Read(ref _until) != 0)
        {
            lock (_gate)
            {
                _until = 0;
            }
        }
    }

    /// <summary>Waits until a message has been sent, or patience ends.</summary>
    /// <param name="sent">Completes when it has.</param>
    /// <param name="cancellation">Stops waiting, without an exception: the message is published all the same.</param>
    /// <param name="stopping">Likewise: the node has stopped.</param>
    public async Task WaitAsync(Task sent, CancellationToken cancellation, CancellationToken stopping = default)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping);
        try
        {
            await sent.WaitAsync(Left(), time, ended.Token).ConfigureAwait(false);
            Renew();
        }
        catch (TimeoutException)
        {
            // It goes out when the first link comes up.
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // As above.
        }
    }

    private TimeSpan Left()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_until == 0)
            {
                _until = now + (long)(Longest.TotalSeconds * time.TimestampFrequency);
            }

            return now < _until ? time.GetElapsedTime(now, _until) : TimeSpan.Zero;
        }
    }
}
