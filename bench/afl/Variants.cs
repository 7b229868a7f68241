using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Hearsay.Protocols.Tests.Wire;
using Trace = SharpFuzz.Common.Trace;

namespace Hearsay.Afl;

/// <summary>
/// Executions without afl-fuzz between them: variants of an input that it has asked for. What takes a branch that no
/// variant has taken is written to a queue, from which afl-fuzz fetches it as from another fuzzer.
/// </summary>
/// <remarks>
/// An execution that afl-fuzz asks for takes two switches of processes, which cost more than most decoders do. Branches
/// are compared as afl-fuzz does it: a count is one of 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, or more.
/// </remarks>
internal sealed unsafe class Variants
{
    /// <summary>The places of a line of the map that are looked at together.</summary>
    private static readonly int s_lineBytes = Vector256<byte>.Count;

    private readonly int _variantsPerInput;
    private readonly VariantsQueue _queue;
    private readonly byte[] _counts = GC.AllocateArray<byte>(Execution.MapBytes, pinned: true);
    private readonly byte[] _seen = new byte[Execution.MapBytes];
    private readonly byte[] _room = new byte[1 << 17];
    private readonly byte[] _other = new byte[1 << 16];
    private SeededRandom _random;
    private int _otherBytes;

    /// <param name="variantsPerInput">How many variants of each input are executed.</param>
    /// <param name="queue">Where inputs go that take new branches.</param>
    public Variants(int variantsPerInput, VariantsQueue queue)
    {
        (_variantsPerInput, _queue) = (variantsPerInput, queue);
        _random = SeededRandom.For((ulong)queue.Executions + 1, 0, 0, 0xAF);
    }

    /// <summary>Executes variants of an input.</summary>
    /// <param name="target">The decoder.</param>
    /// <param name="input">The input, which afl-fuzz has asked for.</param>
    /// <param name="failed">The variant that failed, if one did: then the rest is left.</param>
    /// <returns>What is wrong, or null.</returns>
    public string? Run(DecoderTarget target, ReadOnlySpan<byte> input, out ReadOnlySpan<byte> failed)
    {
        failed = default;
        if (input.Length > _other.Length)
        {
            return null;
        }

        string? wrong = null;
        var done = 0;
        for (; done < _variantsPerInput && wrong is null; done++)
        {
            input.CopyTo(_room);
            var other = _otherBytes == 0 ? input : _other.AsSpan(0, _otherBytes);
            var length = DecoderMutator.Mutate(_room, input.Length, other, ref _random);
            var variant = _room.AsSpan(0, length);
            Count(true);
            wrong = Execution.Judge(target, variant);
            Count(false);
            if (TookNewBranch())
            {
                _queue.Add(variant);
            }

            failed = wrong is null ? default : variant;
        }

        input.CopyTo(_other);
        _otherBytes = input.Length;
        _queue.Count(done);
        return wrong;
    }

    private void Count(bool here)
    {
        Execution.CountElsewhere();
        if (here)
        {
            Trace.SharedMem = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_counts, 0);
            Trace.PrevLocation = 0;
        }
    }

    /// <summary>Compares the counts of the last execution with those of all before it, and clears them.</summary>
    private bool TookNewBranch()
    {
        var isNew = false;
        for (var line = 0; line < _counts.Length; line += s_lineBytes)
        {
            var counts = _counts.AsSpan(line, s_lineBytes);
            if (Vector256.Create<byte>(counts) == Vector256<byte>.Zero)
            {
                continue;
            }

            for (var i = 0; i < counts.Length; i++)
            {
                var kind = KindOf(counts[i]);
                _queue.Branches += _seen[line + i] == 0 && kind != 0 ? 1 : 0;
                isNew |= (kind & ~_seen[line + i]) != 0;
                _seen[line + i] |= kind;
            }

            counts.Clear();
        }

        return isNew;
    }

    private static byte KindOf(byte count) => count switch
    {
        0 => 0,
        <= 2 => count,
        3 => 4,
        <= 7 => 8,
        <= 15 => 16,
        <= 31 => 32,
        <= 127 => 64,
        _ => 128,
    };
}
