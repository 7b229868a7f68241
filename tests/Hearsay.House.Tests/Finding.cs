namespace Hearsay.House.Tests;

/// <summary>One breach of a rule, printed the way editors jump to it.</summary>
internal sealed record Finding(string Path, int Line, string Message)
{
    public override string ToString() => $"{Path}:{Line}: {Message}";
}
