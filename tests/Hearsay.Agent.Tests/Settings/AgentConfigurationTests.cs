using Hearsay.Agent.Settings;

namespace Hearsay.Agent.Tests.Settings;

public sealed class AgentConfigurationTests
{
    [Theory]
    [InlineData("""{ "veiwSize": 3 }""", "'veiwSize' in")]
    [InlineData("""{ "fanout": "x" }""", "must be a whole number, not 'x'")]
    [InlineData("""{ "fanout": [1] }""", "must be one value")]
    [InlineData("""{ "seeds": [{}] }""", "must be one text or a list of texts")]
    [InlineData("""{ "cluster": null }""", "must be one value")]
    [InlineData("""{ "cycleTime": "1" }""", "must be a duration such as 500ms")]
    [InlineData("""{ "preset": "x" }""", "must be one of blind, healer")]
    [InlineData("[]", "must hold one JSON object")]
    [InlineData("{", "is not JSON")]
    [InlineData("""{ "cluster": "\ud800" }""", "holds text that is not Unicode")]
    [InlineData("""{ "\udc00": 1 }""", "holds text that is not Unicode")]
    [InlineData("""{ "seeds": ["\ud800\ud800"] }""", "holds text that is not Unicode")]
    public void A_mistake_in_the_file_is_named(string json, string message)
    {
        var configuration = Read(json);
        var error = Assert.Single(configuration.Errors);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_in_the_file_what_is_said_of_it_is_short()
    {
        string[] files =
        [
            "{" + string.Join(',', Enumerable.Range(0, 40_000).Select(static i => $"\"unknown{i}\":{i}")) + "}",
            "{" + string.Join(',', Enumerable.Repeat("\"fanout\":\"x\"", 60_000)) + "}",
            "{\"fanout\":\"" + new string('x', 1_000_000) + "\"}",
            "{\"" + new string('x', 1_000_000) + "\":1}",
            new('[', 1_000_000),
            "{\"cluster\":\"" + new string('x', 2_000_000) + "\"}",
        ];
        Assert.All(files, static file =>
        {
            var errors = Read(file).Errors;
            Assert.InRange(errors.Count, 1, 21);
            Assert.All(errors, static error => Assert.InRange(error.Length, 1, 1_000));
        });

        var error = Assert.Single(Read(files[0]).Errors);
        Assert.StartsWith("'unknown0', 'unknown1', 'unknown2', 'unknown3', 'unknown4' and 39,995 more in", error,
            StringComparison.Ordinal);
        Assert.Equal("and 59,980 more mistakes.", Read(files[1]).Errors[^1]);
        Assert.Contains("longer than 1,048,576 bytes", Read(files[^1]).Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Names_may_be_written_as_on_the_command_line_or_as_in_the_library()
    {
        var configuration = Read("""
            {
              // a comment
              "view-size": 20, "cycleTime": "500ms", "DataDirectory": "d", "seed": "a:1", "jitter": 0.5,
              "evict_on_timeout": true,
            }
            """);

        Assert.Empty(configuration.Errors);
        Assert.Equal(
            [
                ("DataDirectory", "d"), ("Sampling:CycleTime", "00:00:00.5000000"),
                ("Sampling:EvictOnTimeout", "True"), ("Sampling:Jitter", "0.5"), ("Sampling:ViewSize", "20"),
                ("Seeds:0", "a:1"),
            ],
            configuration.Values.Select(value => (value.Key, value.Value!)).Order());
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_file()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, """{ "cluster": "marked" }""", System.Text.Encoding.UTF8);
        Assert.Equal(0xEF, File.ReadAllBytes(file)[0]);
        var configuration = new AgentConfiguration();
        configuration.AddFile(file);
        Assert.Empty(configuration.Errors);
        Assert.Equal("marked", configuration.Values["Cluster"]);
        File.Delete(file);
    }

    [Fact]
    public void A_misspelt_variable_is_warned_about_and_those_of_others_are_not()
    {
        var configuration = new AgentConfiguration();
        configuration.AddEnvironment(new Dictionary<string, string>
        {
            ["HEARSAY_VEIW_SIZE"] = "20", ["HEARSAY_QQQ"] = "1", ["HEARSAY_SHARDS"] = "3", ["HEARSAY_FANOUT"] = "2",
            ["HEARSAY_SERVICE_HOST"] = "h", ["HEARSAY_AGENT_SERVICE_PORT_GOSSIP"] = "1", ["HEARSAY_PORT"] = "tcp://h:1",
            ["HEARSAY_PORT_7946_UDP_ADDR"] = "h", ["PATH"] = "p",
        });
        Assert.Equal(
            [
                "the environment variable HEARSAY_QQQ is not an option and is ignored.",
                "the environment variable HEARSAY_VEIW_SIZE is not an option and is ignored. "
                    + "Did you mean HEARSAY_VIEW_SIZE?",
            ],
            configuration.Warnings.Order(StringComparer.Ordinal));
        Assert.Equal("Sampling:Fanout", Assert.Single(configuration.Values).Key);
        Assert.Empty(configuration.Errors);
    }

    [Fact]
    public void A_list_replaces_a_longer_one_whole_and_strangers_in_the_environment_are_left_alone()
    {
        var configuration = Read("""{ "seeds": ["a:1", "b:2", "c:3"] }""");
        configuration.AddEnvironment(new Dictionary<string, string>
        {
            ["HEARSAY_SEEDS"] = "d:4, e:5", ["HEARSAY_SERVICE_HOST"] = "10.0.0.1", ["HEARSAY_FANOUT"] = "",
        });
        Assert.Equal(["d:4", "e:5"], configuration.Values.OrderBy(value => value.Key).Select(value => value.Value!));

        configuration.AddOption(AgentSetting.Find("seed")!, ["f:6"]);
        Assert.Equal(["f:6"], configuration.Values.Values.Select(value => value!));
        Assert.Empty(configuration.Errors);
    }

    private static AgentConfiguration Read(string json)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, json);
        var configuration = new AgentConfiguration();
        configuration.AddFile(file);
        File.Delete(file);
        return configuration;
    }
}
