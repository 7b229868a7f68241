namespace Hearsay.Cli.Up.Network;

/// <summary>A node of the network has no sockets: what the display cannot write is another matter.</summary>
/// <param name="failure">Why.</param>
internal sealed class NetworkNotStartedException(IOException failure)
    : Exception("The network could not be started: " + failure.Message, failure);
