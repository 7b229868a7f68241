using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Hearsay.Agent.Http;

/// <summary>
/// Keeps room for new connections. Where all places are taken, the connection that has waited longest for its next call
/// is closed; if all are in the middle of calls, the new one is. So whoever opens connections and says nothing shuts
/// nobody out, least of all a health probe.
/// </summary>
/// <remarks>A connection in the middle of a call is never closed. Safe on any thread.</remarks>
/// <param name="capacity">The number of places.</param>
internal sealed class IdleConnections(int capacity)
{
    private readonly Lock _lock = new();

    /// <summary>Those without a call, the longest idle first.</summary>
    private readonly LinkedList<ConnectionPlace> _idle = new();

    private int _count;
    private long _displaced;

    /// <summary>Connections that were closed because there were too many.</summary>
    public long Displaced => Volatile.Read(ref _displaced);

    /// <summary>Stands around a connection for as long as it is open.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var place = new ConnectionPlace(connection);
        connection.Features.Set(place);
        var victim = Open(place);
        victim?.Abort(new ConnectionAbortedException("There are more connections than places, and this one is idle."));
        if (victim == connection)
        {
            return;
        }

        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Close(place);
        }
    }

    /// <summary>Stands around a call: its connection is not idle.</summary>
    public async Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        var place = context.Features.Get<ConnectionPlace>();
        SetIdle(place, false);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            SetIdle(place, true);
        }
    }

    /// <summary>Takes a place; returns the connection that has to go, if one has to.</summary>
    private ConnectionContext? Open(ConnectionPlace place)
    {
        lock (_lock)
        {
            _idle.AddLast(place.Node);
            if (++_count <= capacity)
            {
                return null;
            }

            var oldest = _idle.First!.Value;
            Remove(oldest);
            _displaced++;
            return oldest.Connection;
        }
    }

    private void Close(ConnectionPlace place)
    {
        lock (_lock)
        {
            if (!place.IsGone)
            {
                Remove(place);
            }
        }
    }

    private void Remove(ConnectionPlace place)
    {
        place.IsGone = true;
        _count--;
        if (place.Node.List is not null)
        {
            _idle.Remove(place.Node);
        }
    }

    private void SetIdle(ConnectionPlace? place, bool isIdle)
    {
        lock (_lock)
        {
            if (place is null || place.IsGone || (place.Node.List is not null) == isIdle)
            {
                return;
            }

            if (isIdle)
            {
                _idle.AddLast(place.Node);
            }
            else
            {
                _idle.Remove(place.Node);
            }
        }
    }
}
