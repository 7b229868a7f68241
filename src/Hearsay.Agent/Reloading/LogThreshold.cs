using Hearsay.Agent.Settings;
using Microsoft.Extensions.Logging;

namespace Hearsay.Agent.Reloading;

/// <summary>What is logged; it can change while the agent runs.</summary>
internal sealed class LogThreshold
{
    private volatile int _level = (int)LogLevel.Information;

    /// <summary>Whether a line is logged. What the web server says of itself is told only if it is critical.</summary>
    public bool Takes(string? category, LogLevel level) =>
        level >= (category?.StartsWith("Microsoft", StringComparison.Ordinal) == true
            ? LogLevel.Critical : (LogLevel)_level);

    /// <summary>What the options say.</summary>
    /// <param name="configuration">The options.</param>
    /// <param name="isVerbose">Whether everything is wanted where no level is named.</param>
    public void Change(AgentConfiguration configuration, bool isVerbose) => _level = (int)(
        Enum.TryParse<LogLevel>(
            configuration.AgentValues.GetValueOrDefault("Agent:LogLevel"), ignoreCase: true, out var named)
            ? named : isVerbose ? LogLevel.Debug : LogLevel.Information);
}
