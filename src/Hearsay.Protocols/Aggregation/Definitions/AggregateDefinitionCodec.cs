using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Hearsay.Protocols.Aggregation.Definitions;

/// <summary>
/// A definition in bytes. The first eight bytes of the SHA-256 of these bytes are the aggregate's id.
/// <code>
///  kind        1 byte
///  flags       1 byte    1 bounds, 2 trimmed, 4 precision, 8 method, 16 quantile; others are refused: they would be
///                        another definition
///  name        1 + n     length, then ASCII
///  bounds      8 + 8     lowest and highest value, if flagged
///  precision   8         if flagged
///  method      1         if flagged; not 0
///  quantile    8         if flagged
/// </code>
/// </summary>
internal static class AggregateDefinitionCodec
{
    /// <summary>The longest encoding.</summary>
    public const int MaximumBytes = 3 + AggregateDefinition.MaximumNameLength + 33;

    private const byte FlagBounds = 1;
    private const byte FlagTrimmed = 2;
    private const byte FlagPrecision = 4;
    private const byte FlagMethod = 8;
    private const byte FlagQuantile = 16;

    /// <summary>The id of a valid definition.</summary>
    public static ulong IdOf(AggregateDefinition definition)
    {
        Span<byte> bytes = stackalloc byte[MaximumBytes];
        var writer = new WireWriter(bytes);
        Write(ref writer, definition);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(writer.Written, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    /// <summary>Writes a valid definition.</summary>
    public static void Write(scoped ref WireWriter writer, AggregateDefinition definition)
    {
        var bounds = definition.Minimum is not null;
        writer.WriteByte((byte)definition.Kind);
        writer.WriteByte((byte)((bounds ? FlagBounds : 0) | (definition.Trimmed ? FlagTrimmed : 0)
            | (definition.Precision is not null ? FlagPrecision : 0)
            | (definition.Method != AggregateMethod.PushPull ? FlagMethod : 0)
            | (definition.Quantile is not null ? FlagQuantile : 0)));
        writer.WriteByte((byte)definition.Name.Length);
        foreach (var letter in definition.Name)
        {
            writer.WriteByte((byte)letter);
        }

        if (bounds)
        {
            writer.WriteDouble(definition.Minimum!.Value);
            writer.WriteDouble(definition.Maximum!.Value);
        }

        if (definition.Precision is { } precision)
        {
            writer.WriteDouble(precision);
        }

        if (definition.Method != AggregateMethod.PushPull)
        {
            writer.WriteByte((byte)definition.Method);
        }

        if (definition.Quantile is { } quantile)
        {
            writer.WriteDouble(quantile);
        }
    }

    /// <summary>Reads and checks a definition.</summary>
    /// <returns>False if it is cut off or not valid.</returns>
    public static bool TryRead(ref WireReader reader, out AggregateDefinition? definition)
    {
        definition = null;
        var kind = (AggregateKind)reader.ReadByte();
        var flags = reader.ReadByte();
        var name = reader.ReadBytes(reader.ReadByte());
        double? low = (flags & FlagBounds) != 0 ? reader.ReadDouble() : null;
        double? high = (flags & FlagBounds) != 0 ? reader.ReadDouble() : null;
        double? precision = (flags & FlagPrecision) != 0 ? reader.ReadDouble() : null;
        var method = (AggregateMethod)((flags & FlagMethod) != 0 ? reader.ReadByte() : 0);
        double? quantile = (flags & FlagQuantile) != 0 ? reader.ReadDouble() : null;
        if (reader.Failed || flags >= 2 * FlagQuantile || !IsName(name)
            || ((flags & FlagMethod) != 0 && method == AggregateMethod.PushPull))
        {
            return false;
        }

        var read = new AggregateDefinition(string.Create(name.Length, name, Widen), kind)
        {
            Minimum = low,
            Maximum = high,
            Trimmed = (flags & FlagTrimmed) != 0,
            Precision = precision,
            Method = method,
            Quantile = quantile,
        };
        definition = ErrorOf(read) is null ? read : null;
        return definition is not null;
    }

    /// <summary>What is wrong with a definition, or null.</summary>
    public static string? ErrorOf(AggregateDefinition definition)
    {
        var (name, low, high) = (definition.Name ?? "", definition.Minimum, definition.Maximum);
        if (name.Length is 0 or > AggregateDefinition.MaximumNameLength || !name.All(IsLetter))
        {
            return $"Name must have 1 to {AggregateDefinition.MaximumNameLength} characters: ASCII letters, digits "
                + "and . _ - /";
        }

        if (!Enum.IsDefined(definition.Kind))
        {
            return $"Kind must be one of {string.Join(", ", Enum.GetNames<AggregateKind>())}, not {definition.Kind}.";
        }

        if (low is null != high is null || (low is not null && !IsRange(low.Value, high!.Value)))
        {
            return "Minimum and Maximum must be given together, Minimum below Maximum, both within "
                + $"{AggregateDefinition.MaximumMagnitude:0e0}.";
        }

        if (definition.Kind is AggregateKind.ExtremaSum or AggregateKind.ExtremaCount && low < 0)
        {
            return $"{definition.Kind} needs a Minimum of 0 or more, since it cannot draw for negative values.";
        }

        if (MethodErrorOf(definition) is { } error)
        {
            return error;
        }

        var (least, most, what) = definition.Kind switch
        {
            AggregateKind.ExtremaSum or AggregateKind.ExtremaCount => (8.0, 4096.0, "minima, a whole number"),
            AggregateKind.Sample => (8.0, 1024.0, "items kept, a whole number"),
            AggregateKind.DistinctCount => (4.0, 14.0, "index bits, a whole number"),
            AggregateKind.Quantiles => (low >= 0 ? 0.005 : 0.01, 0.2, "the relative error"),
            AggregateKind.Histogram => (2.0, 1024.0, "bins, a whole number"),
            AggregateKind.Quantile => (0.005, 0.25, "the error of the rank"),
            _ => (0.0, 0.0, ""),
        };
        if (definition.Precision is not { } precision)
        {
            return definition.Kind == AggregateKind.Histogram && low is null
                ? "A Histogram needs Minimum and Maximum." : null;
        }

        var whole = definition.Kind is AggregateKind.Quantiles or AggregateKind.Quantile
            || precision == Math.Floor(precision);
        return most == 0 ? $"{definition.Kind} has no Precision."
            : precision >= least && precision <= most && whole ? null
            : $"Precision of {definition.Kind} must be from {least} to {most} ({what}), not {precision}.";
    }

    private static string? MethodErrorOf(AggregateDefinition definition)
    {
        var (method, isQuantile) = (definition.Method, definition.Kind == AggregateKind.Quantile);
        if (isQuantile != (method == AggregateMethod.Tournament))
        {
            return "Method must be Tournament for a Quantile, and for no other kind.";
        }

        if (isQuantile != definition.Quantile is not null || definition.Quantile is not (null or (>= 0 and <= 1)))
        {
            return $"Quantile must be from 0 to 1 for a Quantile, and null for other kinds, not {definition.Quantile}.";
        }

        var isMean = definition.Kind is AggregateKind.Average or AggregateKind.Sum or AggregateKind.Count
            or AggregateKind.Variance or AggregateKind.WeightedAverage;
        return method == AggregateMethod.PushPull || (isQuantile && !definition.Trimmed) ? null
            : !Enum.IsDefined(method) || !isMean || definition.Trimmed
                ? $"Method {method} is for averages, sums, counts, variances and weighted averages, not Trimmed."
                : null;
    }

    private static bool IsRange(double low, double high) =>
        low < high && Math.Abs(low) <= AggregateDefinition.MaximumMagnitude
        && Math.Abs(high) <= AggregateDefinition.MaximumMagnitude;

    private static bool IsName(ReadOnlySpan<byte> name)
    {
        foreach (var letter in name)
        {
            if (!IsLetter((char)letter))
            {
                return false;
            }
        }

        return name.Length is > 0 and <= AggregateDefinition.MaximumNameLength;
    }

    private static bool IsLetter(char letter) =>
        char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or '/';

    private static void Widen(Span<char> name, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < name.Length; i++)
        {
            name[i] = (char)bytes[i];
        }
    }
}
