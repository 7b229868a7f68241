namespace Hearsay.Protocols.Core;

/// <summary>A protocol that measures how many nodes there are, and lets the node's other protocols know.</summary>
internal interface INetworkSizeSource
{
    /// <summary>The last estimate; null before there is one.</summary>
    double? NetworkSize { get; }
}
