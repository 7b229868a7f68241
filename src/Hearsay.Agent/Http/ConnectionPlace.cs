using Microsoft.AspNetCore.Connections;

namespace Hearsay.Agent.Http;

/// <summary>The place that a connection takes.</summary>
/// <remarks>What it holds belongs to the lock of <see cref="IdleConnections"/>.</remarks>
internal sealed class ConnectionPlace
{
    /// <summary>The place of a connection.</summary>
    public ConnectionPlace(ConnectionContext connection) => (Connection, Node) = (connection, new(this));

    /// <summary>The connection.</summary>
    public ConnectionContext Connection { get; }

    /// <summary>In the list of those that are idle, while it is.</summary>
    public LinkedListNode<ConnectionPlace> Node { get; }

    /// <summary>Whether the connection has ended, or had to give way.</summary>
    public bool IsGone { get; set; }
}
