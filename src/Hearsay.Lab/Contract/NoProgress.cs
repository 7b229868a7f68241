namespace Hearsay.Lab;

/// <summary>Nobody watches.</summary>
public sealed class NoProgress : ILabProgress
{
    /// <summary>The one there is.</summary>
    public static NoProgress Instance { get; } = new();

    /// <inheritdoc/>
    public void Report(double share)
    {
    }
}
