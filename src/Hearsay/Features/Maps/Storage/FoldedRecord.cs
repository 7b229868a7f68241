using System.Buffers.Binary;
using System.Collections.Immutable;
using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Wire;

namespace Hearsay.Features.Maps.Storage;

/// <summary>
/// The folded epochs of a context, in a record of their own where they are many. They change when a node has started
/// again, and claims with every commit.
/// <code>
/// record   key "F", which context 1 (0 what was seen, 1 the floor of the log); context without anything else,
///          checksum 8
/// </code>
/// </summary>
/// <param name="Folded">The epochs.</param>
/// <param name="Checksum">By which the claims name the record; 0 if there is none.</param>
internal sealed record FoldedRecord(ImmutableSortedDictionary<EpochId, ulong> Folded, ulong Checksum)
{
    /// <summary>What keys begin with.</summary>
    public const byte Kind = (byte)'F';

    /// <summary>So few stay with the claims: any version of this program reads these.</summary>
    public const int Few = 128;

    private static readonly KeyedHash s_checksum = new(0x666F_6C64, 0x6564_2121);

    /// <summary>There is no such record.</summary>
    public static FoldedRecord None { get; } = new(CausalContext.Empty.Folded, 0);

    /// <summary>The key of the record of a context.</summary>
    public static byte[] KeyOf(byte which) => [Kind, which];

    /// <summary>Whether those of a context are many.</summary>
    public static bool IsFor(CausalContext context) => context.Folded.Count > Few;

    /// <summary>The record of a context, and its bytes.</summary>
    public static (FoldedRecord Record, byte[] Bytes) Of(CausalContext context)
    {
        var bytes = WireEncodings.ToBytes((ref WireWriter writer) =>
        {
            ContextCodec.Write(ref writer, Only(context.Folded));
            writer.WriteUInt64(0);
        });
        var checksum = ChecksumOf(bytes.AsSpan(..^sizeof(ulong)));
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(bytes.Length - sizeof(ulong)), checksum);
        return (new FoldedRecord(context.Folded, checksum), bytes);
    }

    /// <summary>Reads a record; <see cref="None"/> if it is not as it was written.</summary>
    public static FoldedRecord Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(ulong))
        {
            return None;
        }

        var checksum = BinaryPrimitives.ReadUInt64BigEndian(bytes[^sizeof(ulong)..]);
        var reader = new WireReader(bytes[..^sizeof(ulong)]);
        return checksum == ChecksumOf(reader.Rest) && ContextCodec.TryRead(ref reader, out var context)
            ? new(context.Folded, checksum) : None;
    }

    /// <summary>A context with these epochs, which was read without any.</summary>
    public CausalContext In(CausalContext context) =>
        CausalContext.OfSorted(context.Open, context.Closed, Folded, context.Claims);

    private static ulong ChecksumOf(ReadOnlySpan<byte> bytes) => Math.Max(1, s_checksum.Of(bytes));

    private static CausalContext Only(ImmutableSortedDictionary<EpochId, ulong> folded) =>
        CausalContext.OfSorted(CausalContext.Empty.Open, CausalContext.Empty.Closed, folded, []);
}
