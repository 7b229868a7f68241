using System.CommandLine;

namespace Hearsay.Cli.Agent;

/// <summary><c>hearsay agent</c>: one node as a process.</summary>
internal static class AgentCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var command = new Command("agent", "Run one node as a process, until Ctrl-C or SIGTERM.");
        var settings = new Dictionary<AgentSetting, Option>();
        foreach (var setting in AgentSetting.All)
        {
            var option = OptionFor(setting);
            settings.Add(setting, option);
            command.Options.Add(option);
        }

        var config = new Option<string>("--config")
        {
            Description = "A JSON file with options: one object, the names as here without the dashes",
            HelpName = "FILE",
        };
        var verbose = new Option<bool>("--verbose", "-v")
        {
            Description = "Print the view whenever it has changed, and log every peer that comes and goes",
        };
        command.Options.Add(config);
        command.Options.Add(verbose);
        command.SetAction((parsed, cancellation) =>
        {
            var configuration = Read(parsed, settings, parsed.GetValue(config));
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return new AgentHost(output, error).RunAsync(configuration, parsed.GetValue(verbose), cancellation);
        });
        return command;
    }

    private static Option OptionFor(AgentSetting setting)
    {
        var help = setting.Choices is { } choices ? $"{setting.Help}: {string.Join(", ", choices)}" : setting.Help;
        help += setting.Name == "bind" ? $" [default: {new GossipNodeOptions().Bind}]" : string.Empty;
        return setting.Kind == AgentSettingKind.List
            ? new Option<string[]>("--" + setting.Name)
            {
                Description = help, HelpName = "HOST[:PORT]", AllowMultipleArgumentsPerToken = true,
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
        "keyring" or "http-token-file" or "http-certificate" or "http-key" => "FILE",
        "advertise" => "HOST[:PORT]",
        "cluster" => "NAME",
        "data" => "DIR",
        _ => setting.Kind switch
        {
            AgentSettingKind.Duration => "DURATION",
            AgentSettingKind.Count or AgentSettingKind.Number => "N",
            AgentSettingKind.Choice => "WORD",
            _ => "TEXT",
        },
    };

    private static AgentConfiguration Read(
        ParseResult parsed, Dictionary<AgentSetting, Option> settings, string? file)
    {
        var configuration = new AgentConfiguration();
        if (file is not null)
        {
            configuration.AddFile(file);
        }

        configuration.AddEnvironment(Environment.GetEnvironmentVariables());
        foreach (var (setting, option) in settings)
        {
            if (parsed.GetResult(option) is { Implicit: false } given)
            {
                var values = given.Tokens.Select(static token => token.Value).ToArray();
                configuration.AddOption(setting, values is [] && IsFlag(setting) ? ["true"] : values);
            }
        }

        return configuration;
    }
}
