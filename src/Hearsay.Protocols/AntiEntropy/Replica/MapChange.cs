using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>What an application wants done at one path.</summary>
internal sealed record MapChange
{
    private MapChange(RowPath path) => Path = path;

    /// <summary>Where.</summary>
    public RowPath Path { get; }

    /// <summary>What is written; null for a removal.</summary>
    public RowKind? Kind { get; private init; }

    /// <summary>The new value; empty for elements and flags.</summary>
    public ReadOnlyMemory<byte> Value { get; private init; }

    /// <summary>What is added to a counter; negative to subtract.</summary>
    public long Amount { get; private init; }

    /// <summary>From which instant on it is hidden, in milliseconds since 1970; 0 for never.</summary>
    public long Expiry { get; private init; }

    /// <summary>The same, but hidden and removed from an instant on.</summary>
    public MapChange Until(long expiry) => new(Path) { Kind = Kind, Value = Value, Amount = Amount, Expiry = expiry };

    /// <summary>Replaces all values of a path that this replica sees.</summary>
    public static MapChange Set(RowPath path, RowKind kind, ReadOnlyMemory<byte> value, long expiry = 0) =>
        new(path) { Kind = kind, Value = value, Expiry = expiry };

    /// <summary>Adds to a counter.</summary>
    public static MapChange Increment(RowPath path, long amount) =>
        new(path) { Kind = RowKind.Share, Amount = amount };

    /// <summary>Removes all that this replica sees at a path and beneath it.</summary>
    public static MapChange Remove(RowPath path) => new(path);
}
