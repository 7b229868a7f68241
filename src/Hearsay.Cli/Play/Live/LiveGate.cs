using System.Security.Cryptography;
using Hearsay.AspNetCore;
using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;

namespace Hearsay.Cli.Play.Live;

/// <summary>
/// Who may see a live feed: a page of this very server, that has the token. The token travels in the fragment of the
/// page's address, which no browser sends anywhere, and from there in a header.
/// </summary>
internal sealed class LiveGate
{
    /// <summary>The path of the feed.</summary>
    public const string Path = "/live/events";

    /// <summary>In front of the token in the fragment.</summary>
    public const string Fragment = "live=";

    private readonly AccessRules _rules;
    private readonly ILiveFeed _feed;

    /// <summary>A gate with a new token.</summary>
    public LiveGate(ILiveFeed feed)
    {
        _feed = feed;
        Token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _rules = new AccessRules(new HearsayHttpOptions { BearerToken = Token, LocalNamesOnly = true });
    }

    /// <summary>What a page must know.</summary>
    public string Token { get; }

    /// <summary>Answers a request for the feed.</summary>
    public Task HandleAsync(HttpContext context)
    {
        if (_rules.Refusal(context.Request, isOpen: false) is { } problem)
        {
            return ProblemWriter.WriteAsync(context, problem);
        }

        return _feed.SendAsync(context);
    }
}
