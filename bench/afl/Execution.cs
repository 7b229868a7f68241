using Hearsay.Protocols.Tests.Wire;
using SharpFuzz.Common;

namespace Hearsay.Afl;

/// <summary>One execution of a target, and what happens beside executions.</summary>
internal static unsafe class Execution
{
    /// <summary>The places of the map of branches: what instrumented code counts on.</summary>
    public const int MapBytes = 1 << 16;

    /// <summary>Where branches are counted that are no part of an execution.</summary>
    private static readonly byte[] s_elsewhere = GC.AllocateArray<byte>(MapBytes, pinned: true);

    /// <summary>Counts branches where nobody looks.</summary>
    public static void CountElsewhere()
    {
        fixed (byte* map = s_elsewhere)
        {
            Trace.SharedMem = map;
        }
    }

    /// <summary>Does what is no part of an execution.</summary>
    public static void Beside(Action work)
    {
        var map = Trace.SharedMem;
        var place = Trace.PrevLocation;
        CountElsewhere();
        work();
        Trace.SharedMem = map;
        Trace.PrevLocation = place;
    }

    /// <summary>Hands an input to a decoder; what is wrong, or null.</summary>
    public static string? Judge(DecoderTarget target, ReadOnlySpan<byte> input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            if (target.Try(input) is { } wrong)
            {
                return wrong;
            }
        }
#pragma warning disable CA1031 // Whatever a decoder throws is what is looked for.
        catch (Exception thrown)
        {
            return thrown.ToString();
        }
#pragma warning restore CA1031

        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return bytes > target.LeastBytes + (4 * input.Length) ? $"{bytes} bytes for {input.Length}" : null;
    }
}
