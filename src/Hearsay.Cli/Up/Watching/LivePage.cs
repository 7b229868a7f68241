using Hearsay.Cli.Play;
using Hearsay.Cli.Play.Live;
using Hearsay.Cli.Play.Site;
using Hearsay.Cli.Up.Display;
using Hearsay.Cli.Up.Network;

namespace Hearsay.Cli.Up.Watching;

/// <summary>The page that shows the network of <c>hearsay up</c> while it lives.</summary>
internal sealed class LivePage : IAsyncDisposable
{
    private readonly PlayServer _server;
    private readonly SampledFeed _feed;

    private LivePage(PlayServer server, SampledFeed feed) => (_server, _feed) = (server, feed);

    /// <summary>Its address, with the token.</summary>
    public string Url => _server.LiveUrl!;

    /// <summary>Serves the page, says where, and opens it if that is wanted.</summary>
    /// <exception cref="NetworkNotStartedException">It cannot be served.</exception>
    public static async Task<LivePage> StartAsync(
        string site, LocalNetwork network, UpSettings settings, IUpDisplay display, CancellationToken cancellation)
    {
        var source = new NetworkSource(network, settings.Sampling.ViewSize);
        var feed = new SampledFeed(source, "“hearsay up” has ended, and its nodes with it.");
        try
        {
            var server = await PlayServer.StartAsync(site, null, new LiveGate(feed), cancellation)
                .ConfigureAwait(false);
            var page = new LivePage(server, feed);
            display.Line($"The nodes can be seen at {page.Url}");
            if (settings.OpensBrowser)
            {
                Browser.TryOpen(page.Url);
            }

            return page;
        }
        catch (IOException taken)
        {
            feed.Dispose();
            throw new NetworkNotStartedException(taken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _feed.EndAsync().ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
        _feed.Dispose();
    }
}
