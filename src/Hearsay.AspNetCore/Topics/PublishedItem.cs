namespace Hearsay.AspNetCore.Topics;

/// <summary>The answer to a publication.</summary>
/// <param name="Id">Of the message, the same on every node.</param>
/// <param name="Url">Where to ask how far it got.</param>
internal sealed record PublishedItem(string Id, string Url);
