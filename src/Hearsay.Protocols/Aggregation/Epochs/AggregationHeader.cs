using System.Runtime.InteropServices;
using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Protocols.Aggregation.Epochs;

/// <summary>What every message of aggregation begins with; <see cref="AggregationMessage"/> has the bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AggregationHeader(ulong Id, long Epoch, TimeSpan Elapsed, byte Flags)
{
    /// <summary>Of a request: it was sent before. Of information: the sender knows the epoch.</summary>
    public const byte Flag = 1;

    /// <summary>
    /// Of a request: the sender came too late for the epoch. It looks at what others have from its beginning, and
    /// exchanges only what began late.
    /// </summary>
    public const byte LateFlag = 2;

    /// <summary>Whether the flag is set.</summary>
    public bool IsFlagged => (Flags & Flag) != 0;

    /// <summary>Whether it is a request of somebody who came too late for the epoch.</summary>
    public bool IsLate => (Flags & LateFlag) != 0;

    /// <summary>Writes it.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.WriteUInt64(Id);
        writer.WriteUInt64((ulong)Epoch);
        writer.WriteUInt32((uint)Math.Clamp(Elapsed.TotalMilliseconds, 0, uint.MaxValue));
        writer.WriteByte(Flags);
    }

    /// <summary>Reads and checks it.</summary>
    /// <returns>False if it is cut off or the epoch is none.</returns>
    public static bool TryRead(ref WireReader reader, out AggregationHeader header)
    {
        var (id, epoch) = (reader.ReadUInt64(), reader.ReadUInt64());
        var elapsed = TimeSpan.FromMilliseconds(reader.ReadUInt32());
        header = new AggregationHeader(id, (long)epoch, elapsed, reader.ReadByte());
        return !reader.Failed && epoch <= (ulong)EpochClock.LastEpoch;
    }
}
