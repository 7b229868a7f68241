namespace Hearsay.Agent.Settings;

/// <summary>How the text of an option is read.</summary>
internal enum AgentSettingKind
{
    /// <summary>As it is.</summary>
    Text,

    /// <summary>Several texts; in the environment with commas between.</summary>
    List,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary>A number with a fraction.</summary>
    Number,

    /// <summary>A number with a unit of time.</summary>
    Duration,

    /// <summary>One of a few words.</summary>
    Choice,
}
