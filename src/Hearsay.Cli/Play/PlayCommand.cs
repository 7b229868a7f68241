using System.CommandLine;
using Hearsay.Agent.Calls;
using Hearsay.Agent.Shell;
using Hearsay.Cli.Play.Live;
using Hearsay.Cli.Play.Site;
using Hearsay.Playground;

namespace Hearsay.Cli.Play;

/// <summary><c>hearsay play</c>: the playground, served on this machine for a browser.</summary>
internal static class PlayCommand
{
    private static readonly Option<int?> s_port = CheckedOption.Integer(
        "--port", $"The port. Default {PlayServer.DefaultPort}, or the next free one.", 1, 65_535);

    private static readonly Option<bool> s_noBrowser = new("--no-browser")
    {
        Description = "Says where the page is and opens no browser.",
    };

    private static readonly Option<string?> s_out = new("--out")
    {
        Description = "Writes the page as a folder of files, for any static host, and ends.", HelpName = "DIR",
    };

    private static readonly Option<string?> s_attach = new("--attach")
    {
        Description = "Shows live nodes as well: those of an agent (its URL), as far as the agent knows them, or those "
            + "of 'hearsay up --play' (the link that it prints).",
        HelpName = "URL",
    };

    private static readonly Option<string?> s_token = new("--agent-token-file")
    {
        Description = $"With --attach: a file with the token of the agent. Default: the variable "
            + AgentOptions.TokenVariable,
        HelpName = "FILE",
    };

    private static readonly Argument<string?> s_link = new("LINK|FILE")
    {
        Description = "A link of the playground, or its part behind the #: the run to show. Or a trace file, such as "
            + "'hearsay lab run NAME --trace FILE' writes.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "play",
            "The playground: gossip to watch and to take apart in a browser. The nodes run in the page itself; this "
            + "command only hands out its files, to this machine alone.")
        {
            s_link, s_port, s_noBrowser, s_out, s_attach, s_token, PlayReplayCommand.Create(),
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        using var signals = new StopSignals();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, signals.Token);
        try
        {
            using var attached = AttachmentOf(parsed);
            var trace = parsed.GetValue(s_link) is { } text && OpenedTrace.IsMeant(text) ? OpenedTrace.Of(text) : null;
            if (trace is null && parsed.GetValue(s_link) is { } link && PlayBridge.Check(link) is { } wrong)
            {
                throw new ArgumentException(wrong);
            }

            if (await SiteFolder.FindAsync(error, both.Token).ConfigureAwait(false) is not { } site)
            {
                return both.IsCancellationRequested ? signals.ExitCode : ExitCode.Failed;
            }

            if (parsed.GetValue(s_out) is { } folder)
            {
                var files = SiteFolder.Copy(site, folder);
                trace?.CopyTo(folder);
                output.WriteLine($"{files + (trace is null ? 0 : 1)} files in {Path.GetFullPath(folder)}");
                error.Write(trace is null ? "" : $"The trace is opened by the link ending in #{trace.Fragment}\n");
                return 0;
            }

            await ServeAsync(parsed, site, trace, attached?.Feed, both.Token).ConfigureAwait(false);
            return 0;
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
            return 0;
        }
        catch (ArgumentException mistake)
        {
            error.WriteLine(mistake.Message);
            return ExitCode.UsageError;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            error.WriteLine(fault.Message);
            return ExitCode.Failed;
        }
    }

    private static Attachment? AttachmentOf(ParseResult parsed)
    {
        if (parsed.GetValue(s_attach) is not { } url)
        {
            return parsed.GetValue(s_token) is null
                ? null : throw new ArgumentException("--agent-token-file needs --attach.");
        }

        return Attachment.Of(url, AgentOptions.ReadToken(
            parsed.GetValue(s_token) ?? Environment.GetEnvironmentVariable(AgentOptions.TokenVariable)));
    }

    private static async Task ServeAsync(
        ParseResult parsed, string site, OpenedTrace? trace, ILiveFeed? feed, CancellationToken cancellation)
    {
        var link = trace?.Fragment ?? parsed.GetValue(s_link);
        var fragment = link is null ? "" : "#" + link[(link.IndexOf('#', StringComparison.Ordinal) + 1)..];
        var live = feed is null ? null : new LiveGate(feed);
        await using var server = await PlayServer.StartAsync(
            site, parsed.GetValue(s_port), live, cancellation, trace).ConfigureAwait(false);
        var url = link is null && server.LiveUrl is { } shown ? shown : server.Url + fragment;
        var output = parsed.InvocationConfiguration.Output;
        output.WriteLine($"The playground is at {url}");
        if (link is not null && server.LiveUrl is { } other)
        {
            output.WriteLine($"The live nodes are at {other}");
        }

        parsed.InvocationConfiguration.Error.WriteLine("It is served until Ctrl-C.");
        if (!parsed.GetValue(s_noBrowser))
        {
            Browser.TryOpen(url);
        }

        try
        {
            await server.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            await (feed?.EndAsync() ?? Task.CompletedTask).ConfigureAwait(false);
        }
    }
}
