using System.Text.Json;

namespace Hearsay.Playground.Tests.Scenes;

/// <summary>What a link shows at the moment it names.</summary>
internal static class Replayed
{
    /// <summary>The metrics of its left side.</summary>
    public static JsonElement Metrics(string link)
    {
        var json = PlayBridge.Replay(link, TimeSpan.Zero, out var error);
        Assert.Null(error);
        using var state = JsonDocument.Parse(json);
        return state.RootElement.GetProperty("worlds")[0].GetProperty("metrics").Clone();
    }
}
