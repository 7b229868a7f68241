namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>What a write of one node tells the others.</summary>
/// <param name="message">The message.</param>
/// <param name="from">The writer.</param>
/// <param name="written">The items that it wrote.</param>
/// <param name="replaced">The items that it replaced or removed.</param>
internal sealed class ModelMessage(object message, int from, UInt128 written, UInt128 replaced)
{
    /// <summary>The message.</summary>
    public object Message { get; } = message;

    /// <summary>The writer.</summary>
    public int From { get; } = from;

    /// <summary>The items that it wrote.</summary>
    public UInt128 Written { get; } = written;

    /// <summary>The items that it replaced or removed.</summary>
    public UInt128 Replaced { get; } = replaced;

    /// <summary>A number that tells what is in it; null before it is needed.</summary>
    public UInt128? Content { get; set; }

    /// <summary>Whether it has left its writer.</summary>
    public bool HasLeft { get; set; }

    /// <summary>Whether its writer forgot it before it left.</summary>
    public bool IsLost { get; set; }
}
