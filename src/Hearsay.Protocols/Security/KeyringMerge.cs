namespace Hearsay.Protocols.Security;

/// <summary>What became of a ring that another node sent.</summary>
/// <param name="IsRefused">It is no ring of this operator: nothing was taken of it.</param>
/// <param name="HasNews">This node's ring has changed.</param>
/// <param name="SenderLacks">The sender lacks keys of this node's ring.</param>
internal readonly record struct KeyringMerge(bool IsRefused, bool HasNews, bool SenderLacks);
