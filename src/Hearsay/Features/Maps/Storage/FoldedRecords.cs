using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Features.Maps.Storage;

/// <summary>The folded epochs of a replica that have records of their own.</summary>
/// <param name="Seen">Of what was seen.</param>
/// <param name="Floor">Of the floor of the log.</param>
internal sealed record FoldedRecords(FoldedRecord Seen, FoldedRecord Floor)
{
    private const byte SeenKey = 0;
    private const byte FloorKey = 1;

    /// <summary>None has.</summary>
    public static FoldedRecords None { get; } = new(FoldedRecord.None, FoldedRecord.None);

    /// <summary>Whether none has.</summary>
    public bool AreNone => Seen.Checksum == 0 && Floor.Checksum == 0;

    /// <summary>With a record that was read; false if it is not as it was written, or of no context.</summary>
    public bool TryAdd(in MapRecord record, out FoldedRecords with)
    {
        var which = record.Key.Span[1..];
        var read = FoldedRecord.Read(record.Value.Span);
        with = which switch
        {
            [SeenKey] => this with { Seen = read },
            [FloorKey] => this with { Floor = read },
            _ => this,
        };
        return which is [SeenKey or FloorKey] && read.Checksum != 0;
    }

    /// <summary>Those of two contexts, and the changes that lead to them: where epochs were folded since.</summary>
    public FoldedRecords With(string map, CausalContext seen, CausalContext floor, List<MapRecordChange> changes) =>
        new(Next(map, SeenKey, Seen, seen, changes), Next(map, FloorKey, Floor, floor, changes));

    private static FoldedRecord Next(
        string map, byte which, FoldedRecord before, CausalContext context, List<MapRecordChange> changes)
    {
        if (FoldedRecord.IsFor(context))
        {
            if (ReferenceEquals(context.Folded, before.Folded) && before.Checksum != 0)
            {
                return before;
            }

            var (record, bytes) = FoldedRecord.Of(context);
            changes.Add(new MapRecordChange(map, FoldedRecord.KeyOf(which), bytes));
            return record;
        }

        if (before.Checksum != 0)
        {
            changes.Add(new MapRecordChange(map, FoldedRecord.KeyOf(which), null));
        }

        return FoldedRecord.None;
    }
}
