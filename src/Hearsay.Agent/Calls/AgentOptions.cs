using System.CommandLine;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Calls;

/// <summary>Which agent a command asks, and how it prints the answer.</summary>
internal sealed class AgentOptions
{
    /// <summary>The variable of the environment with the agent's address.</summary>
    public const string Variable = "HEARSAY_AGENT";

    /// <summary>The variable of the environment with the file of its token.</summary>
    public const string TokenVariable = "HEARSAY_AGENT_TOKEN_FILE";

    /// <summary>The option with that file.</summary>
    public const string TokenOption = "--agent-token-file";

    private const string Default = "http://127.0.0.1:7980";

    private readonly Option<string> _agent = new("--agent")
    {
        Description = $"The agent to ask. Default: the variable {Variable}, or {Default}", HelpName = "URL",
    };

    private readonly Option<string> _token = new(TokenOption)
    {
        Description = $"A file with the token of the agent. Default: the variable {TokenVariable}", HelpName = "FILE",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON" };

    /// <summary><c>--watch</c>, where a command has it.</summary>
    public WatchOption Watching { get; } = new();

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="json">Whether it prints JSON where that is asked for.</param>
    /// <param name="watch">Whether it prints again whenever the answer has changed, where that is asked for.</param>
    public void AddTo(Command command, bool json = true, bool watch = false)
    {
        if (watch)
        {
            Watching.AddTo(command);
        }

        command.Options.Add(_agent);
        command.Options.Add(_token);
        if (json)
        {
            command.Options.Add(_json);
        }
    }

    /// <summary>Whether the command line names an agent.</summary>
    public bool IsNamed(ParseResult parsed) => parsed.GetValue(_agent) is not null;

    /// <summary>Whether JSON is asked for.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>The agent's address.</summary>
    /// <exception cref="ArgumentException">It is no address of HTTP.</exception>
    public Uri Url(ParseResult parsed) => NamedUrl(parsed) ?? new Uri(Default);

    /// <summary>The address that the command line or the environment names; null if neither does.</summary>
    /// <exception cref="ArgumentException">It is no address of HTTP.</exception>
    public Uri? NamedUrl(ParseResult parsed)
    {
        var text = parsed.GetValue(_agent) ?? Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new ArgumentException($"--agent must be a URL such as {Default}, not '{text}'.");
    }

    /// <summary>The agent's token; null for none.</summary>
    /// <exception cref="ArgumentException">The file cannot be read.</exception>
    public string? Token(ParseResult parsed)
    {
        return ReadToken(parsed.GetValue(_token) ?? Environment.GetEnvironmentVariable(TokenVariable));
    }

    /// <summary>The token in a file; null without a file.</summary>
    /// <exception cref="ArgumentException">The file cannot be read.</exception>
    public static string? ReadToken(string? file)
    {
        if (string.IsNullOrEmpty(file))
        {
            return null;
        }

        try
        {
            var token = File.ReadLines(file).FirstOrDefault()?.Trim();
            return string.IsNullOrEmpty(token) || token.Any(static letter => letter is <= ' ' or > '~')
                ? throw new ArgumentException($"{TokenOption}: '{file}' holds no token.") : token;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"{TokenOption}: '{file}' cannot be read: {error.Message}", error);
        }
    }
}
