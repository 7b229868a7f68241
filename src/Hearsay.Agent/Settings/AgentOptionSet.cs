using System.CommandLine;

namespace Hearsay.Agent.Settings;

/// <summary>The options of an agent as options of a command.</summary>
internal sealed class AgentOptionSet
{
    private readonly Dictionary<AgentSetting, Option> _settings = [];

    private readonly Option<string> _config = new("--config")
    {
        Description = "A JSON file with options: one object, the names as here without the dashes",
        HelpName = "FILE",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var setting in AgentSetting.All)
        {
            var option = OptionFor(setting);
            _settings.Add(setting, option);
            command.Options.Add(option);
        }

        command.Options.Add(_config);
    }

    /// <summary>The file of options; null for none.</summary>
    public string? File(ParseResult parsed) => parsed.GetValue(_config);

    /// <summary>What the command line, the environment and the file say together.</summary>
    public AgentConfiguration Read(ParseResult parsed)
    {
        var configuration = new AgentConfiguration();
        if (parsed.GetValue(_config) is { } file)
        {
            configuration.AddFile(file);
        }

        configuration.AddEnvironment(Environment.GetEnvironmentVariables());
        foreach (var (setting, option) in _settings)
        {
            if (parsed.GetResult(option) is { Implicit: false } given)
            {
                var values = given.Tokens.Select(static token => token.Value).ToArray();
                configuration.AddOption(setting, values is [] && IsFlag(setting) ? ["true"] : values);
            }
        }

        return configuration;
    }

    private static Option OptionFor(AgentSetting setting)
    {
        var help = setting.Choices is { } choices ? $"{setting.Help}: {string.Join(", ", choices)}" : setting.Help;
        help += setting.Name == "bind" ? $" [default: {new GossipNodeOptions().Bind}]" : string.Empty;
        return setting.Kind == AgentSettingKind.List
            ? new Option<string[]>("--" + setting.Name)
            {
                Description = help, HelpName = setting.Name == "http-origin" ? "ORIGIN" : "HOST[:PORT]",
                AllowMultipleArgumentsPerToken = true,
            }
            : new Option<string>("--" + setting.Name)
            {
                Description = help, HelpName = HelpNameOf(setting),
                Arity = IsFlag(setting) ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
            };
    }

    /// <summary>Whether the option alone means "true".</summary>
    private static bool IsFlag(AgentSetting setting) => setting.Key == AgentSetting.InsecureKey;

    private static string HelpNameOf(AgentSetting setting) => setting.Name switch
    {
        "bind" => "ADDRESS[:PORT]",
        "http" => "ADDRESS:PORT|none",
        "keyring" or "identity" or "http-token-file" or "http-certificate" or "http-key" or "seeds-file" => "FILE",
        "token" => "TOKEN|FILE",
        "admission" => "KEY|FILE",
        "advertise" => "HOST[:PORT]",
        "cluster" or "seed-service" => "NAME",
        "data" => "DIR",
        _ => setting.Kind switch
        {
            AgentSettingKind.Duration => "DURATION",
            AgentSettingKind.Count or AgentSettingKind.Number => "N",
            AgentSettingKind.Choice => "WORD",
            _ => "TEXT",
        },
    };
}
