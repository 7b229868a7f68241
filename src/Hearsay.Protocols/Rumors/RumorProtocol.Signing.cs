using System.Buffers.Binary;
using System.Security.Cryptography;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Security.Origins;

namespace Hearsay.Protocols.Rumors;

/// <remarks>
/// It is verified before the rumor is learned, heard or told on, so what a member forges gets no further than to those
/// it tells itself, and takes no place. Who tells a forgery tells nothing new for a minute: a flood of them costs a
/// verification a minute for each member that sends it. The signed time bounds what can be repeated, and ids are
/// remembered for as long as it holds.
/// </remarks>
/// <content>Who began a rumor, in mode identity: that is signed, and the proof goes with the text.</content>
internal sealed partial class RumorProtocol
{
    /// <summary>Null but in mode identity.</summary>
    private OriginProofs? _proofs;

    private OriginJudge? _judge;

    /// <summary>What a signature covers is put together here.</summary>
    private byte[] _signed = [];

    private TimeSpan _memoryTime;

    /// <summary>Who sent the frame being handled; none if the frame waited for a proof of its address.</summary>
    private NodeId _teller;

    private int LargestTextBytes =>
        _proofs is null ? RumorOptions.LargestPayloadBytes : RumorOptions.LargestSignedPayloadBytes;

    /// <summary>The longest text with its proof.</summary>
    private int LargestWholeBytes => LargestTextBytes + (_proofs is null ? 0 : OriginProof.LongestBytes);

    /// <summary>For how long others tell a rumor.</summary>
    private TimeSpan Lifetime => _options.MaximumAgeCycles * _options.CycleTime;

    private void PrepareProofs(IProtocolContext context)
    {
        _proofs = context.Proofs;
        _memoryTime = _options.MemoryTime;
        if (_proofs is not null)
        {
            _judge = new OriginJudge(_proofs, Counters.Origins);
            _signed = new byte[RumorMessage.SignedHeadBytes + RumorOptions.LargestSignedPayloadBytes];

            // Signed an hour ahead of this node's clock, and taken until an hour after.
            var holds = (2 * Admission.Tolerance) + Lifetime;
            _memoryTime = holds > _memoryTime ? holds : _memoryTime;
        }
    }

    /// <summary>
    /// What stands for a rumor in tables and messages. Who could choose it would have its own rumor taken for that of
    /// somebody else, which nobody would then learn.
    /// </summary>
    private ulong KeyOf(in RumorId id)
    {
        if (_proofs is null)
        {
            return id.Key;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Signed(id, default), hash);
        return Math.Max(1, BinaryPrimitives.ReadUInt64BigEndian(hash));
    }

    /// <summary>The text, and its proof behind it.</summary>
    private byte[] Sign(IProtocolContext context, in RumorId id, ReadOnlySpan<byte> text)
    {
        var whole = new byte[text.Length + (_proofs?.SizeBytes ?? 0)];
        text.CopyTo(whole);
        _proofs?.Sign(RumorMessage.Purpose, Signed(id, text), whole.AsSpan(text.Length), context.Now);
        return whole;
    }

    /// <summary>How long the text before the proof is.</summary>
    private int TextBytes(ReadOnlySpan<byte> whole) =>
        _proofs is null ? whole.Length : whole.Length - OriginProof.LengthAtEndOf(whole);

    /// <summary>Whether a rumor that would be new was begun by whom it names. The last of all checks.</summary>
    private bool IsProven(Instant now, scoped in RumorEntry entry)
    {
        if (_judge is null)
        {
            return true;
        }

        // What is too long to have been signed has no proof that holds.
        var length = Math.Min(TextBytes(entry.Text), RumorOptions.LargestSignedPayloadBytes);
        return _judge.Takes(
            _teller, RumorMessage.Purpose, Signed(entry.Id, entry.Text[..length]), entry.Id.Origin,
            entry.Text[length..], Lifetime, now);
    }

    private ReadOnlySpan<byte> Signed(in RumorId id, ReadOnlySpan<byte> text)
    {
        id.Origin.Write(_signed);
        BinaryPrimitives.WriteUInt64BigEndian(_signed.AsSpan(NodeId.SizeBytes), id.Incarnation);
        BinaryPrimitives.WriteUInt32BigEndian(_signed.AsSpan(NodeId.SizeBytes + sizeof(ulong)), id.Sequence);
        text.CopyTo(_signed.AsSpan(RumorMessage.SignedHeadBytes));
        return _signed.AsSpan(0, RumorMessage.SignedHeadBytes + text.Length);
    }
}
