using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Security.Origins;

namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>
/// Who says that an aggregate is used, in mode identity: a member signs it, and the proof goes with it.
/// </summary>
/// <remarks>
/// Any member may define an aggregate. None can change or remove that of another, since a definition is its own
/// identity and ends when nobody uses it. What could be claimed of others is that they use one. So each node signs what
/// its own application wants, and signs it again while that is so. Others learn only what was signed lately by somebody
/// who is admitted, ask for a newer proof when theirs is old, and forget what nobody has signed for too long, whatever
/// they hear of its use.
/// </remarks>
internal sealed partial class AggregationProtocol
{
    /// <summary>How long a signature says that a definition is used, and as long again as clocks may differ.</summary>
    private static readonly TimeSpan LeastProofTime = TimeSpan.FromHours(1);

    /// <summary>Null but in mode identity.</summary>
    private OriginJudge? _judge;

    /// <summary>Not shorter than definitions are remembered without use.</summary>
    private TimeSpan ProofTime
    {
        get
        {
            var remembered = (_options.ExpiryEpochs + 1) * _clock.Length;
            return remembered > LeastProofTime ? remembered : LeastProofTime;
        }
    }

    /// <summary>Signs what this node's application wants.</summary>
    private void Sign(AggregateSlot slot)
    {
        if (_context.Proofs is not { } proofs)
        {
            return;
        }

        Span<byte> bytes = stackalloc byte[AggregateDefinitionCodec.MaximumBytes];
        slot.Proof = new byte[proofs.SizeBytes];
        proofs.Sign(AggregationMessage.DefinitionPurpose, Content(slot.Definition, bytes), slot.Proof, _context.Now);
        slot.SignedAt = proofs.TimeAt(_context.Now);
    }

    /// <summary>Before it is told: who asks for a newer proof gets one.</summary>
    private void SignAgain(AggregateSlot slot)
    {
        if (slot.IsLocal && IsOlder(slot, ProofTime / 4))
        {
            Sign(slot);
        }
    }

    /// <summary>Whether a partner that names an aggregate is asked for a newer proof of it.</summary>
    private bool NeedsNewProof(AggregateSlot slot) => !slot.IsLocal && IsOlder(slot, ProofTime / 2);

    private bool IsOlder(AggregateSlot slot, TimeSpan age) =>
        _context.Proofs is { } proofs && proofs.TimeAt(_context.Now) - slot.SignedAt > (long)age.TotalSeconds;

    /// <summary>What nobody has signed for too long is not used, whatever others say.</summary>
    private void ForgetOldProofs()
    {
        foreach (var slot in _table.Slots)
        {
            if (!slot.IsLocal && IsOlder(slot, ProofTime + Admission.Tolerance))
            {
                slot.UnusedEpochs = int.MaxValue;
            }
        }
    }

    /// <summary>Whether a member said lately that a definition is used. The last of all checks.</summary>
    private bool IsProven(NodeId from, AggregateDefinition definition, ReadOnlySpan<byte> proof)
    {
        if (_judge is null)
        {
            return true;
        }

        if (_table.ForeignRoom == 0)
        {
            Counters.DefinitionsRefused++;
            return false;
        }

        Span<byte> bytes = stackalloc byte[AggregateDefinitionCodec.MaximumBytes];
        return _judge.Takes(
            from, AggregationMessage.DefinitionPurpose, Content(definition, bytes), OriginProof.AuthorOf(proof), proof,
            ProofTime, _context.Now);
    }

    /// <summary>Takes a proof that is much newer: the same few would go to and fro otherwise.</summary>
    private void TakeNewProof(NodeId from, AggregateSlot slot, ReadOnlySpan<byte> proof)
    {
        if (_judge is not null && NeedsNewProof(slot) && OriginProof.TryRead(proof, out var read)
            && read.Time - slot.SignedAt >= (long)(ProofTime / 8).TotalSeconds
            && IsProven(from, slot.Definition, proof))
        {
            Keep(slot, proof);
        }
    }

    private void Keep(AggregateSlot slot, ReadOnlySpan<byte> proof)
    {
        if (_context.Proofs is { } proofs && OriginProof.TryRead(proof, out var read))
        {
            // A clock that is ahead makes nothing last longer here.
            (slot.Proof, slot.SignedAt) = (proof.ToArray(), Math.Min(read.Time, proofs.TimeAt(_context.Now)));
        }
    }

    private static ReadOnlySpan<byte> Content(AggregateDefinition definition, Span<byte> bytes)
    {
        var writer = new WireWriter(bytes);
        AggregateDefinitionCodec.Write(ref writer, definition);
        return bytes[..writer.Position];
    }
}
