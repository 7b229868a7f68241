using System.Globalization;

namespace Hearsay.Protocols.Tests.Wire;

/// <summary>Hands decoders very many inputs that are nearly right. The same seed gives the same inputs.</summary>
internal static class DecoderFuzz
{
    private const int MostBytes = 1 << 16;
    private const int MostFailures = 3;

    /// <summary>Runs one target; what went wrong, with the input, or nothing.</summary>
    public static IReadOnlyList<string> Run(
        DecoderTarget target, long executions, ulong seed, Func<bool>? isOver = null)
    {
        var (room, failures) = (new byte[MostBytes], new List<string>());
        var random = SeededRandom.For(seed, 0, 0, 0xF0);
        for (var i = 0L; i < executions && failures.Count < MostFailures && !(isOver?.Invoke() ?? false); i++)
        {
            var start = target.Seeds[random.Below(target.Seeds.Count)];
            var other = target.Seeds[random.Below(target.Seeds.Count)];
            start.CopyTo(room, 0);
            var length = DecoderMutator.Mutate(room, start.Length, other, ref random);

            // What a decoder allocates it allocates again; what the runtime does, which compiles anew, it does once.
            if (Judge(target, room.AsSpan(0, length)) is not null
                && Judge(target, room.AsSpan(0, length)) is { } wrong)
            {
                var input = Convert.ToHexStringLower(room.AsSpan(0, Math.Min(length, 2000)));
                failures.Add(string.Create(
                    CultureInfo.InvariantCulture, $"{target.Name}, seed {seed}, input {i}: {wrong}: {input}"));
            }
        }

        return failures;
    }

    private static string? Judge(DecoderTarget target, ReadOnlySpan<byte> input)
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
            return $"{thrown.GetType().Name} {thrown.Message} {thrown.StackTrace?.Split('\n')[0].Trim()}";
        }
#pragma warning restore CA1031

        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return bytes > target.LeastBytes + (4 * input.Length) ? $"{bytes} bytes for {input.Length}" : null;
    }
}
