using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hearsay.Agent.Settings;
using Hearsay.Agent.Tests.Http;

namespace Hearsay.Agent.Tests;

/// <summary>
/// The files that run an agent elsewhere, as far as they can be checked without that: they name options, commands and
/// files that there are.
/// </summary>
public sealed partial class DeployTests
{
    private static readonly string s_deploy = Path.Combine(HttpPageTests.Root, "deploy");

    private static readonly HashSet<string> s_built = [".git", "**/artifacts", "**/bin", "**/obj"];

    public static TheoryData<string> Files =>
    [
        .. Directory.GetFiles(s_deploy, "*", SearchOption.AllDirectories)
            .Where(static file => Path.GetExtension(file) is not (".json" or ".md"))
            .Select(static file => Path.GetRelativePath(s_deploy, file)),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_variable_is_an_option_and_every_command_is_there(string file)
    {
        var text = File.ReadAllText(Path.Combine(s_deploy, file));
        foreach (Match variable in Variable().Matches(text))
        {
            Assert.True(AgentSetting.Find(variable.Groups[1].Value) is not null, $"{file}: {variable.Value}");
        }

        var root = new RootCommand();
        foreach (var command in AgentCommands.All())
        {
            root.Add(command);
        }

        foreach (Match call in Called().Matches(text))
        {
            var words = JsonSerializer.Deserialize<string[]>(call.Value)![1..];
            Assert.True(root.Parse(words).Errors.Count == 0, $"{file}: {call.Value}");

            // Probes have no token.
            Assert.True(words[0] is "health" or "agent" or "keys", $"{file}: {call.Value}");
        }

        foreach (Match start in ExecStart().Matches(text))
        {
            var parsed = root.Parse(start.Groups[1].Value);
            Assert.True(parsed.Errors.Count == 0, $"{file}: {string.Join(' ', parsed.Errors)}");
        }
    }

    [Fact]
    public void The_image_has_the_files_that_the_build_makes_and_starts_the_program_where_it_put_it()
    {
        var lines = File.ReadAllLines(Path.Combine(s_deploy, "docker", "Dockerfile"))
            .Where(static line => line.Length > 0 && line[0] != '#').ToList();
        Assert.All(lines, static line => Assert.Matches("^(FROM|RUN|WORKDIR|COPY|USER|VOLUME|EXPOSE|ENV|STOPSIGNAL"
            + "|HEALTHCHECK|ENTRYPOINT) ", line));
        var copy = lines.Single(static line => line.StartsWith("COPY --from=build ", StringComparison.Ordinal))
            .Split(' ');
        Assert.Equal("/app/", copy[^1]);
        var build = File.ReadAllText(Path.Combine(HttpPageTests.Root, ".ci", "agent"));
        Assert.Contains("-o artifacts/agent", build, StringComparison.Ordinal);
        Assert.Equal("/source/artifacts/agent/hearsay", copy[2]);
        Assert.Contains(lines, static line => line == "WORKDIR /source");
        Assert.Contains(lines, static line => line == "RUN .ci/agent");
        foreach (var line in lines.Where(static line => line.Contains('[', StringComparison.Ordinal)))
        {
            var words = JsonSerializer.Deserialize<string[]>(line[line.IndexOf('[', StringComparison.Ordinal)..])!;
            Assert.Equal("/app/hearsay", words[0]);
        }

        const int Port = GossipNodeOptions.DefaultPort;
        Assert.Contains(lines, static line => line == $"EXPOSE {Port}/udp {Port}/tcp");
    }

    /// <summary>What another machine has built would be taken for up to date, and everything would be sent.</summary>
    [Fact]
    public void The_image_is_built_from_sources_alone()
    {
        var left = File.ReadAllLines(Path.Combine(HttpPageTests.Root, ".dockerignore"));
        Assert.Superset(s_built, left.ToHashSet());
        Assert.DoesNotContain(left, static line => line.Contains(".ci", StringComparison.Ordinal) && line[0] != '#');
    }

    [GeneratedRegex(@"\bHEARSAY_([A-Z_]+)\b")]
    private static partial Regex Variable();

    [GeneratedRegex("""\["/app/hearsay", [^\]]+\]""")]
    private static partial Regex Called();

    [GeneratedRegex("^ExecStart=/usr/local/bin/hearsay (.+)$", RegexOptions.Multiline)]
    private static partial Regex ExecStart();
}
