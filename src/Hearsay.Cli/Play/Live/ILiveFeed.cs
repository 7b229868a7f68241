using Microsoft.AspNetCore.Http;

namespace Hearsay.Cli.Play.Live;

/// <summary>Tells pages what live nodes do, as server-sent events.</summary>
internal interface ILiveFeed
{
    /// <summary>Sends events until the page is closed or the feed ends.</summary>
    Task SendAsync(HttpContext context);

    /// <summary>Tells all pages that nothing comes any more; completes when they have been told.</summary>
    Task EndAsync();
}
