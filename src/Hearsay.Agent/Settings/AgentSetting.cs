using System.Globalization;
using Hearsay.Agent.Shell;
using Hearsay.Protocols.Sampling;

namespace Hearsay.Agent.Settings;

/// <summary>One option of the agent, by all its names.</summary>
/// <param name="Name">On the command line, without dashes.</param>
/// <param name="Key">
/// The key in the configuration of <see cref="Hosting.HearsayOptions"/>; of the HTTP service a word of its own.
/// </param>
/// <param name="Help">One line.</param>
/// <param name="Kind">How its text is read.</param>
/// <param name="Choices">The words it takes, if it takes words.</param>
internal sealed record AgentSetting(
    string Name, string Key, string Help, AgentSettingKind Kind = AgentSettingKind.Text, string[]? Choices = null)
{
    /// <summary>The section of peer sampling; the validation names its options without it.</summary>
    private const string Sampling = "Sampling:";

    private const string Agent = "Agent:";

    /// <summary>The key of the option that an open node needs.</summary>
    public const string InsecureKey = Agent + "Insecure";

    /// <summary>The option as the messages of the validation name it.</summary>
    public string MessageName => (Key.StartsWith(Sampling, StringComparison.Ordinal) ? Key[Sampling.Length..] : Key)
        .Replace(':', '.');

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<AgentSetting> All { get; } =
    [
        new("bind", "Bind", "The address to listen on, for UDP and TCP; 0.0.0.0 is all of IPv4, [::] all of both "
            + $"families; port {GossipNodeOptions.DefaultPort} if none is given"),
        new("advertise", "Advertise", "The address at which others reach this node, or one of each family, "
            + "separated by a comma; the bound port if none is given"),
        new("seed", "Seeds", "A node to join through, by address or DNS name; may be repeated; port "
            + $"{GossipNodeOptions.DefaultPort} if none is given", AgentSettingKind.List),
        new("cluster", "Cluster", "The cluster's name; nodes of different clusters never mix"),
        new("keyring", "Keyring", "A file of mode 0600 with the keys that protect all packets, the same on all nodes: "
            + "made by 'hearsay keys generate'"),
        new("identity", "Identity", "A file of mode 0600 with keys of this node alone, made by 'hearsay keys "
            + "identity': its id is their hash. Needs --token and --admission"),
        new("token", "Token", "The token that admits this node, or the file with it: made by 'hearsay keys admit'"),
        new("admission", "Admission", "The public admission key of the cluster, or the file with it: made by 'hearsay "
            + "keys admission'"),
        new("insecure", InsecureKey, "Whether the node may listen beyond this machine without a keyring or an "
            + "identity, open to everybody who reaches its port", AgentSettingKind.Choice, ["true", "false"]),
        new("data", "DataDirectory", "A directory, used by this node only, that keeps its id, and its maps if it has "
            + "any, over restarts"),
        new("on-id-conflict", "OnIdConflict", "What to do if an older node has the same id (a copied data directory); "
            + "with --identity the node always stops",
            AgentSettingKind.Choice, ["renew", "stop"]),
        new("metadata", "Metadata", "What the node tells others about itself, for instance http=8080; at most 256 "
            + "bytes"),
        new("preset", Sampling + "Preset", "The sampling preset that the options below change", AgentSettingKind.Choice,
            [.. PeerSamplingOptions.PresetNames]),
        .. SamplingSettings.All.Select(static setting => Of(setting)),
        new("broadcast", "Broadcast", "Whether the node takes part in topics", AgentSettingKind.Choice,
            ["true", "false"]),
        new("active-neighbours", "Neighbours:ActiveSize", "Stable neighbours that messages travel through, 2 to 32",
            AgentSettingKind.Count),
        new("broadcast-retention", "Broadcast:Retention", "How long a message is held and repaired, 1s to 1h",
            AgentSettingKind.Duration),
        new("leave-timeout", "LeaveTimeout", "How long the node may take to hand over its messages when it leaves",
            AgentSettingKind.Duration),
        new("aggregation", "Aggregation", "Whether the node takes part in aggregates", AgentSettingKind.Choice,
            ["true", "false"]),
        new("aggregation-cycle-time", "Aggregation:CycleTime", "The cycle time of aggregation, the same on all nodes",
            AgentSettingKind.Duration),
        new("cycles-per-epoch", "Aggregation:CyclesPerEpoch", "The cycles of an epoch, the same on all nodes",
            AgentSettingKind.Count),
        new("rumors", "Rumors", "Whether the node takes part in rumors, with their default options",
            AgentSettingKind.Choice, ["true", "false"]),
        new("maps", "Maps", "Whether the node holds replicated maps, with their default options",
            AgentSettingKind.Choice, ["true", "false"]),
        new("http", "Http", "Where to serve HTTP: ADDRESS:PORT, or none; 127.0.0.1:7980 if nothing is given, or the "
            + "next port that is free"),
        new("http-token-file", "HttpTokenFile", "A file of mode 600 with the token that callers must send; needed "
            + "where others than this machine can call"),
        new("http-certificate", "HttpCertificate", "The certificate of the HTTP service, in PEM, and after it those "
            + "that lead to its authority"),
        new("http-key", "HttpKey", "The private key of the certificate, in PEM, if it is in a file of its own"),
        new("http-insecure", "HttpInsecure", "Whether others than this machine may call without encryption",
            AgentSettingKind.Choice, ["true", "false"]),
        new("http-origin", "HttpOrigins", "An origin whose web pages may call, such as https://example.com; may be "
            + "repeated", AgentSettingKind.List),
        new("http-writes-per-second", "HttpWritesPerSecond", "Calls a second that change something, 1 to 1000000; "
            + "2000 if none is given", AgentSettingKind.Count),
        new("seeds-file", Agent + "SeedsFile", "A file with a node to join through in each line; read again when it "
            + "changes"),
        new("seed-service", Agent + "SeedService", "A name with SRV records of nodes to join through, such as "
            + "_hearsay._udp.example.com; asked again and again"),
        new("log-level", Agent + "LogLevel", "What is logged, and all that is worse; information if none is given",
            AgentSettingKind.Choice, ["trace", "debug", "information", "warning", "error", "none"]),
    ];

    /// <summary>Whether it can change while the agent runs (SIGHUP, or a changed file).</summary>
    public bool IsReloadable => Name is "seed" or "seeds-file" or "log-level" or "cycle-time"
        or "http-token-file" or "http-writes-per-second";

    /// <summary>Whether it is an option of the process, and neither of the node nor of the HTTP service.</summary>
    public bool IsOfAgent => Key.StartsWith(Agent, StringComparison.Ordinal);

    /// <summary>Whether it is an option of the HTTP service, and not of the node.</summary>
    public bool IsOfHttp => Key.StartsWith("Http", StringComparison.Ordinal);

    /// <summary>
    /// Finds the setting of a name in a file or the environment: upper or lower case, dashes or none.
    /// </summary>
    public static AgentSetting? Find(string name)
    {
        var plain = Plain(name);
        return All.FirstOrDefault(setting => Plain(setting.Name) == plain || Plain(setting.Key) == plain);
    }

    /// <summary>The text as configuration takes it, or what is wrong with it.</summary>
    public string? Normalize(string text, out string? error)
    {
        error = null;
        switch (Kind)
        {
            case AgentSettingKind.Count when !int.TryParse(text, CultureInfo.InvariantCulture, out _):
                error = $"must be a whole number, not '{text}'.";
                return null;
            case AgentSettingKind.Number when !double.TryParse(text, CultureInfo.InvariantCulture, out _):
                error = $"must be a number, not '{text}'.";
                return null;
            case AgentSettingKind.Duration when Duration.TryParse(text.Trim(), out var duration):
                return duration.ToString("c", CultureInfo.InvariantCulture);
            case AgentSettingKind.Duration:
                error = $"must be {Duration.Syntax}, not '{text}'.";
                return null;
            case AgentSettingKind.Choice when !Choices!.Contains(text, StringComparer.OrdinalIgnoreCase):
                error = $"must be one of {string.Join(", ", Choices!)}, not '{text}'.";
                return null;
            default:
                return text;
        }
    }

    /// <summary>An option of peer sampling.</summary>
    private static AgentSetting Of(SamplingSetting setting) => new(
        setting.Name, Sampling + setting.Property, setting.Description,
        setting switch
        {
            SamplingSetting<int> => AgentSettingKind.Count,
            SamplingSetting<double> => AgentSettingKind.Number,
            SamplingSetting<TimeSpan> => AgentSettingKind.Duration,
            _ => AgentSettingKind.Choice,
        },
        setting.Words is { Count: > 0 } words ? [.. words] : null);

    private static string Plain(string name) =>
        name.Replace("-", null, StringComparison.Ordinal).Replace("_", null,
            StringComparison.Ordinal).ToUpperInvariant();
}
