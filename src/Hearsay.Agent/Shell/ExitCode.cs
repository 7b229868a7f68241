namespace Hearsay.Agent.Shell;

/// <summary>What the process of a command ends with.</summary>
internal static class ExitCode
{
    /// <summary>A run that failed its purpose; 0 is success.</summary>
    public const int Failed = 1;

    /// <summary>A usage error.</summary>
    public const int UsageError = 2;
}
