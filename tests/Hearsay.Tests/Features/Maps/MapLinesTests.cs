using System.Text;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Maps;

/// <summary>Maps as JSON lines.</summary>
public sealed class MapLinesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly string[] s_lines =
    [
        """{"key":"bytes","bytes":"/wA="}""",
        """{"key":"colour","text":"gr\u00FCn \"\n"}""",
        """{"key":"count","count":-3}""",
        """{"key":"flag","raised":true}""",
        """{"key":"lease","text":"me","expires":4102444800000}""",
        """{"key":"mixed","elements":["always",{"text":"short","expires":4102444800000}]}""",
        "{\"key\":\"mixed value\",\"text\":\"v\",\"elements\":[\"e\",{\"text\":\"f\",\"expires\":null}]"
            + ",\"expires\":4102444800000}",
        """{"key":"set","elements":["","a","b"]}""",
        """{"key":"user","fields":[{"key":"name","text":"Ada"},{"key":"no","count":7},{"key":"t","elements":["x"]}]}""",
    ];

    [Fact]
    public async Task What_is_exported_is_imported_and_exported_the_same()
    {
        await using var nodes = new LiveNodes();
        var map = (await nodes.StartAsync(nodes.Options with { Maps = new() })).GetMap("m");
        var input = string.Join('\n', s_lines);
        Assert.Equal(s_lines.Length, await ImportAsync(map, input));
        var exported = await ExportAsync(map);
        Assert.Equal(s_lines.Length, exported.Length);
        Assert.Equal([s_lines[0], "{\"key\":\"colour\",\"text\":\"grün \\\"\\n\"}", .. s_lines[2..]], exported);

        // Once more changes nothing that is seen: counters are not added twice.
        Assert.Equal(s_lines.Length, await ImportAsync(map, string.Join("\r\n\n", exported) + "\n"));
        Assert.Equal(exported, await ExportAsync(map));
    }

    [Fact]
    public async Task What_never_expires_outlives_what_does_after_an_import()
    {
        await using var nodes = new LiveNodes();
        var map = (await nodes.StartAsync(nodes.Options with { Maps = new() })).GetMap("m");
        await map.AddAsync("set", "forever", cancellationToken: Cancellation);
        await map.AddAsync("set", "short", TimeSpan.FromHours(1), cancellationToken: Cancellation);
        var copy = nodes.First.GetMap("copy");
        await ImportAsync(copy, string.Join('\n', await ExportAsync(map)));
        Assert.True(copy.TryGet("set", out var entry));
        Assert.Equal(["forever", "short"], entry.Elements);
        Assert.Equal(["forever"], entry.At(entry.Expiry)!.Elements);
    }

    [Fact]
    public async Task Many_lines_go_in_batches_and_come_back_in_order()
    {
        await using var nodes = new LiveNodes();
        var map = (await nodes.StartAsync(nodes.Options with { Maps = new() })).GetMap("m");
        var lines = Enumerable.Range(0, 3_000).Select(static i =>
            $$"""{"key":"{{i:D5}}","text":"{{new string('x', i % 100 == 0 ? 40_000 : 10)}}"}""").ToArray();
        Assert.Equal(3_000, await ImportAsync(map, string.Join('\n', lines)));
        Assert.Equal(lines, await ExportAsync(map));
    }

    [Theory]
    [InlineData("nonsense", "Line 2: it cannot be read as JSON from byte 1 on.")]
    [InlineData("[1]", "Line 2: a line is an object with a text 'key'.")]
    [InlineData("""{"text":"x"}""", "Line 2: a line is an object with a text 'key'.")]
    [InlineData("""{"key":"k","size":1}""", "Line 2: 'size' is not known.")]
    [InlineData("""{"key":"k"}""", "Line 2: it has nothing but a key.")]
    [InlineData("""{"key":"k","text":"v","expires":-5}""", "Line 2: 'expires' is a number of milliseconds")]
    [InlineData("""{"key":"k","elements":[{"expires":5}]}""", "Line 2: a text is missing.")]
    [InlineData("""{"key":"","text":"x"}""", "Line 2: ")]
    [InlineData("""{"key":"k","text":null}""", "Line 2: a text is missing.")]
    [InlineData("""{"key":"k","text":1}""", "Line 2: ")]
    [InlineData("""{"key":"k","bytes":"?"}""", "Line 2: ")]
    [InlineData("""{"key":"k","count":"many"}""", "Line 2: ")]
    [InlineData("""{"key":"k","elements":"a"}""", "Line 2: ")]
    [InlineData("""{"key":"k","fields":[{"text":"v"}]}""", "Line 2: ")]
    public async Task A_malformed_line_is_told_with_its_number(string line, string message)
    {
        await using var nodes = new LiveNodes();
        var map = (await nodes.StartAsync(nodes.Options with { Maps = new() })).GetMap("m");
        var error = await Assert.ThrowsAsync<FormatException>(
            () => ImportAsync(map, $$"""{"key":"ok","text":"x"}""" + "\n" + line));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    private static Task<long> ImportAsync(GossipMap map, string text) =>
        map.ImportAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), cancellationToken: Cancellation);

    private static async Task<string[]> ExportAsync(GossipMap map)
    {
        var output = new MemoryStream();
        await map.Snapshot().ExportAsync(output, Cancellation);
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
