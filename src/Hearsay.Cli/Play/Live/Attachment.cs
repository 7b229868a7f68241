using Hearsay.Agent.Calls;

namespace Hearsay.Cli.Play.Live;

/// <summary>The live nodes that <c>hearsay play --attach</c> names.</summary>
internal sealed class Attachment : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    private Attachment(ILiveFeed feed, params IDisposable[] owned)
    {
        Feed = feed;
        _owned.AddRange(owned);
    }

    /// <summary>What they do.</summary>
    public ILiveFeed Feed { get; }

    /// <summary>Reads an address: of an agent, or the link that <c>hearsay up --play</c> prints.</summary>
    /// <param name="text">The address.</param>
    /// <param name="token">The token of an agent; null for none.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static Attachment Of(string text, string? token)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException(
                "--attach must be the URL of an agent, such as http://127.0.0.1:7980, or the link that "
                + $"'hearsay up --play' prints, not '{text}'.");
        }

        if (url.Fragment.StartsWith("#" + LiveGate.Fragment, StringComparison.Ordinal))
        {
            var relayed = new RelayedFeed(url, url.Fragment[(1 + LiveGate.Fragment.Length)..]);
            return new Attachment(relayed, relayed);
        }

        var name = url.GetLeftPart(UriPartial.Authority);
        var client = new AgentClient(new Uri(name), token);
        var feed = new SampledFeed(new AgentSource(client, name), "“hearsay play” has ended.");
        return new Attachment(feed, feed, client);
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(static one => one.Dispose());
}
