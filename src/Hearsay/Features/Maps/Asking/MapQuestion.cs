using System.Text;
using Hearsay.Protocols;
using Hearsay.Protocols.Wire;
using Hearsay.Settings;

namespace Hearsay.Features.Maps.Asking;

/// <summary>
/// What a node that holds a map is asked by one that does not.
/// <code>
/// question  kind 1, map, key, field (empty for none), text, amount signed varint, life in ms varint (0 for ever),
///           other nodes varint, patience in ms varint, value (the rest)
/// text      length varint, UTF-8
/// </code>
/// </summary>
internal sealed record MapQuestion
{
    /// <summary>The longest question that writes one key: its value, and names of full length.</summary>
    public const int LongestBytes = MapOptions.LargestValueBytes + (8 * MapOptions.LongestKeyBytes);

    /// <summary>The longest question with lines, as long as what HTTP takes in one call.</summary>
    public const int LongestImportBytes = (16 << 20) + (8 * MapOptions.LongestKeyBytes);

    private const long LongestLife = 100L * 366 * 24 * 3_600_000;
    private const long LongestPatience = 3_600_000;

    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>What is asked for.</summary>
    public required MapQuestionKind Kind { get; init; }

    /// <summary>The map.</summary>
    public string Map { get; init; } = "";

    /// <summary>The key; empty where the question is not about one.</summary>
    public string Key { get; init; } = "";

    /// <summary>The field; null for the key itself.</summary>
    public string? Field { get; init; }

    /// <summary>An element, or a prefix.</summary>
    public string Text { get; init; } = "";

    /// <summary>What is added to a counter.</summary>
    public long Amount { get; init; }

    /// <summary>How long what is written lives; null for ever.</summary>
    public TimeSpan? Life { get; init; }

    /// <summary>How many nodes beside the asked one must have the write.</summary>
    public int OtherNodes { get; init; }

    /// <summary>How long the asked node waits for them.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A value, or lines.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>How many nodes must have the write.</summary>
    public WriteConcern Concern => OtherNodes == 0 ? WriteConcern.Local : WriteConcern.Nodes(OtherNodes, Patience);

    /// <summary>The bytes of the question.</summary>
    public byte[] ToBytes()
    {
        byte[][] texts =
        [
            StrictUtf8.GetBytes(Map, nameof(Map)), StrictUtf8.GetBytes(Key, nameof(Key)),
            StrictUtf8.GetBytes(Field ?? "", nameof(Field)), StrictUtf8.GetBytes(Text, nameof(Text)),
        ];
        var buffer = new byte[64 + texts.Sum(static text => text.Length + sizeof(ulong)) + Value.Length];
        var writer = new WireWriter(buffer);
        writer.WriteByte((byte)Kind);
        foreach (var text in texts)
        {
            Varint.Write(ref writer, (ulong)text.Length);
            writer.WriteBytes(text);
        }

        Varint.WriteSigned(ref writer, Amount);
        Varint.Write(ref writer, (ulong)(Life?.TotalMilliseconds ?? 0));
        Varint.Write(ref writer, (ulong)OtherNodes);
        Varint.Write(ref writer, (ulong)Patience.TotalMilliseconds);
        writer.WriteBytes(Value.Span);
        return writer.Written.ToArray();
    }

    /// <summary>How long a question may be that begins with a byte; 0 if it is none.</summary>
    public static int LongestOf(byte kind) => (MapQuestionKind)kind switch
    {
        MapQuestionKind.Import => LongestImportBytes,
        >= MapQuestionKind.Get and < MapQuestionKind.Import => LongestBytes,
        _ => 0,
    };

    /// <summary>Reads a question; false if it is malformed or beyond the bounds.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out MapQuestion question)
    {
        question = null!;
        var reader = new WireReader(bytes.Span);
        var kind = reader.ReadByte();
        if (reader.Failed || bytes.Length > LongestOf(kind)
            || !TryReadText(ref reader, MapOptions.LongestNameBytes, out var map) || map.Length == 0
            || !TryReadText(ref reader, MapOptions.LongestKeyBytes, out var key)
            || !TryReadText(ref reader, MapOptions.LongestKeyBytes, out var field)
            || !TryReadText(ref reader, MapOptions.LongestKeyBytes, out var text)
            || !Varint.TryReadSigned(ref reader, out var amount) || amount == long.MinValue
            || !Varint.TryRead(ref reader, out var life) || life > LongestLife
            || !Varint.TryRead(ref reader, out var nodes) || nodes > WriteConcern.LargestNodes
            || !Varint.TryRead(ref reader, out var patience) || patience is 0 or > LongestPatience)
        {
            return false;
        }

        question = new MapQuestion
        {
            Kind = (MapQuestionKind)kind, Map = map, Key = key, Field = field.Length == 0 ? null : field, Text = text,
            Amount = amount, Life = life == 0 ? null : TimeSpan.FromMilliseconds(life), OtherNodes = (int)nodes,
            Patience = TimeSpan.FromMilliseconds(patience), Value = bytes[^reader.Rest.Length..],
        };
        return true;
    }

    private static bool TryReadText(ref WireReader reader, int most, out string text)
    {
        text = "";
        if (!Varint.TryRead(ref reader, out var length) || length > (ulong)most
            || length > (ulong)reader.Rest.Length)
        {
            return false;
        }

        try
        {
            text = s_strict.GetString(reader.ReadBytes((int)length));
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
