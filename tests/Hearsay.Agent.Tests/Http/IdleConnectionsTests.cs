using System.Diagnostics.CodeAnalysis;
using Hearsay.Agent.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hearsay.Agent.Tests.Http;

public sealed class IdleConnectionsTests
{
    private readonly IdleConnections _connections = new(2);

    [Fact]
    public async Task The_one_that_has_been_idle_longest_gives_way()
    {
        var (first, second, third) = (new Open(_connections), new Open(_connections), new Open(_connections));
        Assert.True(first.IsAborted);
        Assert.False(second.IsAborted || third.IsAborted);
        Assert.Equal(1, _connections.Displaced);

        // A call makes its connection the last that is idle.
        await second.CallAsync(static () => Task.CompletedTask);
        await first.CloseAsync();
        var fourth = new Open(_connections);
        Assert.True(third.IsAborted);
        Assert.False(second.IsAborted || fourth.IsAborted);
    }

    [Fact]
    public async Task One_in_the_middle_of_a_call_never_does()
    {
        var (first, second) = (new Open(_connections), new Open(_connections));
        var (firstEnd, secondEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        var (firstCall, secondCall) = (first.CallAsync(() => firstEnd.Task), second.CallAsync(() => secondEnd.Task));
        var third = new Open(_connections);
        Assert.False(first.IsAborted || second.IsAborted);
        Assert.True(third.IsAborted);

        // Which one is idle longer is no matter of luck: one ends after the other.
        firstEnd.SetResult();
        await firstCall;
        secondEnd.SetResult();
        await secondCall;
        var fourth = new Open(_connections);
        Assert.True(first.IsAborted);
        Assert.False(second.IsAborted || fourth.IsAborted);
    }

    [Fact]
    public async Task One_that_has_closed_takes_no_place()
    {
        for (var i = 0; i < 10; i++)
        {
            await new Open(_connections).CloseAsync();
        }

        var (first, second) = (new Open(_connections), new Open(_connections));
        Assert.False(first.IsAborted || second.IsAborted);
    }

    /// <summary>A connection that stays open until it is closed.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "It holds nothing but memory.")]
    private sealed class Open
    {
        private readonly Connection _connection = new();
        private readonly TaskCompletionSource _end = new();
        private readonly IdleConnections _connections;
        private readonly Task _served;

        public Open(IdleConnections connections)
        {
            _connections = connections;
            _served = connections.ServeAsync(_connection, _ => _end.Task);
        }

        public bool IsAborted => _connection.IsAborted;

        public Task CallAsync(Func<Task> call)
        {
            var context = new DefaultHttpContext(new FeatureCollection(_connection.Features));
            return _connections.ServeAsync(context, _ => call());
        }

        public Task CloseAsync()
        {
            _end.SetResult();
            return _served;
        }
    }

    private sealed class Connection : DefaultConnectionContext
    {
        public bool IsAborted { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;
    }
}
