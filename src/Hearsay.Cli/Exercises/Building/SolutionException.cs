namespace Hearsay.Cli.Exercises.Building;

/// <summary>What a reader names cannot be judged.</summary>
/// <param name="message">Why.</param>
/// <param name="isUsage">Whether the command line is wrong, and not the solution.</param>
internal sealed class SolutionException(string message, bool isUsage = false) : Exception(message)
{
    /// <summary>Whether the command line is wrong.</summary>
    public bool IsUsage { get; } = isUsage;
}
