namespace Hearsay.AspNetCore.Node;

/// <summary>The node has another id or other addresses than before.</summary>
internal sealed record IdentityItem(string Id, string[] Addresses);
