using System.CommandLine;
using System.Net;
using System.Text;
using Hearsay.Addresses;
using Hearsay.Agent.Calls;
using Hearsay.Agent.Shell;
using Hearsay.Protocols;

namespace Hearsay.Agent.Guest;

/// <summary>The options of the commands that join a network for a short while.</summary>
/// <param name="asksAgents">Whether the command asks an agent where no seeds are named.</param>
internal sealed class GuestOptions(bool asksAgents = true)
{
    private readonly Option<string[]> _seeds = new("--seed")
    {
        Description = $"A node to join through{(asksAgents ? ", instead of asking an agent" : string.Empty)}; may be "
            + "given several times; port "
            + $"{GossipNodeOptions.DefaultPort} if none is given",
        HelpName = "HOST[:PORT]",
        Required = !asksAgents,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _cluster = new("--cluster")
    {
        Description = "The cluster's name. Default 'default'.", HelpName = "NAME",
    };

    private readonly Option<string> _keyring = new("--keyring")
    {
        Description = "A file of mode 0600 with the keys of the cluster, if it has a keyring", HelpName = "FILE",
    };

    private readonly Option<string> _identity = new("--identity")
    {
        Description = "A file of mode 0600 with the keys of the guest, if the cluster has identities; needs --token "
            + "and --admission",
        HelpName = "FILE",
    };

    private readonly Option<string> _token = new("--token")
    {
        Description = "The token that admits the guest, or the file with it", HelpName = "TOKEN|FILE",
    };

    private readonly Option<string> _admission = new("--admission")
    {
        Description = "The public admission key of the cluster, or the file with it", HelpName = "KEY|FILE",
    };

    /// <summary>The option that names the keyring.</summary>
    public Option<string> Keyring => _keyring;

    private readonly Option<string> _bind = new("--bind")
    {
        Description = "The address to listen on. Default: a free port, on loopback if all seeds are on this "
            + "machine, else on all. "
            + $"Port {GossipNodeOptions.DefaultPort} if only an address is given.",
        HelpName = "ADDRESS[:PORT]",
    };

    private readonly Option<TimeSpan?> _patience = CheckedOption.Create<TimeSpan>(
        "--patience", "How long to look for the network before giving up. Default 30s.", "from 100ms to 1h",
        (string text, out TimeSpan value) => Duration.TryParse(text, out value)
            && value >= TimeSpan.FromMilliseconds(100) && value <= TimeSpan.FromHours(1));

    /// <summary>The topic that a command is about, checked before anything is joined.</summary>
    public static Argument<string> Topic()
    {
        var topic = new Argument<string>("TOPIC")
        {
            Description = $"The topic, 1 to {BroadcastOptions.MaximumTopicBytes} bytes of UTF-8",
        };
        topic.Validators.Add(result =>
        {
            var bytes = Encoding.UTF8.GetByteCount(result.Tokens is [var token] ? token.Value : "");
            if (bytes is 0 or > BroadcastOptions.MaximumTopicBytes)
            {
                result.AddError(
                    $"TOPIC must have 1 to {BroadcastOptions.MaximumTopicBytes} bytes of UTF-8, not {bytes}.");
            }
        });
        return topic;
    }

    private readonly AgentOptions _agent = new();

    /// <summary>Further options that mean nothing to an agent.</summary>
    private Option[] _ofGuests = [];

    /// <summary>
    /// Runs a command: through an agent, or, where seeds are named, as a guest of the network with a node of its own.
    /// </summary>
    public Task<int> RunAsync(
        ParseResult parsed, Func<AgentClient, CancellationToken, Task<int>> call,
        Func<GossipNodeOptions, GossipNodeOptions> configure, Func<GossipNode, CancellationToken, Task<int>> visit)
    {
        if (parsed.GetValue(_seeds) is { Length: > 0 })
        {
            return _agent.IsNamed(parsed) ? Task.FromResult(Wrong(parsed, "Name either --agent or --seed."))
                : GuestRun.RunAsync(parsed, this, configure, visit);
        }

        Option[] ofGuests = [_cluster, _keyring, _identity, _token, _admission, _bind, _patience, .. _ofGuests];
        return Array.Find(ofGuests, option => parsed.GetResult(option) is { Implicit: false }) is { } stray
            ? Task.FromResult(Wrong(parsed, $"{stray.Name} needs --seed: without it the command asks an agent."))
            : CallRun.RunAsync(parsed, _agent, call);
    }

    private static int Wrong(ParseResult parsed, string message)
    {
        parsed.InvocationConfiguration.Error.WriteLine(message);
        return ExitCode.UsageError;
    }

    /// <summary>Options of the command that say nothing where an agent is asked: then they are refused.</summary>
    public void NeedSeeds(params Option[] options) => _ofGuests = options;

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        if (asksAgents)
        {
            _agent.AddTo(command, json: false);
        }

        command.Options.Add(_seeds);
        command.Options.Add(_cluster);
        command.Options.Add(_keyring);
        command.Options.Add(_identity);
        command.Options.Add(_token);
        command.Options.Add(_admission);
        command.Options.Add(_bind);
        command.Options.Add(_patience);
    }

    /// <summary>How long to wait for anything.</summary>
    public TimeSpan Patience(ParseResult parsed) => parsed.GetValue(_patience) ?? TimeSpan.FromSeconds(30);

    /// <summary>The options of the guest's node.</summary>
    public GossipNodeOptions Read(ParseResult parsed)
    {
        var seeds = parsed.GetValue(_seeds) ?? [];
        return new GossipNodeOptions
        {
            Seeds = seeds,
            Cluster = parsed.GetValue(_cluster) ?? "default",
            Security = SecurityOf(parsed),
            Bind = parsed.GetValue(_bind) ?? (Array.TrueForAll(seeds, IsHere) ? "127.0.0.1:0" : "0.0.0.0:0"),
        };
    }

    private ClusterSecurity SecurityOf(ParseResult parsed)
    {
        var (keyring, identity) = (parsed.GetValue(_keyring), parsed.GetValue(_identity));
        var (token, admission) = (parsed.GetValue(_token), parsed.GetValue(_admission));
        if (identity is null && token is null && admission is null)
        {
            return keyring is null ? ClusterSecurity.Open : ClusterSecurity.FromKeyring(keyring);
        }

        return identity is not null && token is not null && admission is not null && keyring is null
            ? ClusterSecurity.FromIdentity(identity, token, admission)
            : throw new ArgumentException("--identity, --token and --admission belong together, without --keyring.");
    }

    private static bool IsHere(string seed) =>
        HostPort.TryParse(seed, GossipNodeOptions.DefaultPort, out var parsed)
        && (parsed.Address is { } address ? IPAddress.IsLoopback(address) : parsed.Host == "localhost");
}
