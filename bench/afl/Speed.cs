using System.Diagnostics;
using Hearsay.Protocols.Tests.Wire;

namespace Hearsay.Afl;

/// <summary>What the executions themselves cost: simple mutations, and no other process.</summary>
internal static class Speed
{
    public static int Run(DecoderTarget target)
    {
        var (room, random) = (new byte[1 << 16], SeededRandom.For(1, 0, 0, 0xF0));
        for (var round = 0; round < 4; round++)
        {
            var (clock, done, failures) = (Stopwatch.StartNew(), 0L, 0L);
            for (; clock.Elapsed.TotalSeconds < 3; done++)
            {
                var start = target.Seeds[random.Below(target.Seeds.Count)];
                start.CopyTo(room, 0);
                var other = target.Seeds[random.Below(target.Seeds.Count)];
                var length = DecoderMutator.Mutate(room, start.Length, other, ref random);
                failures += Execution.Judge(target, room.AsSpan(0, length)) is null ? 0 : 1;
            }

            Console.WriteLine($"{target.Name}: {done / clock.Elapsed.TotalSeconds:N0} a second, {failures} failures");
        }

        return 0;
    }
}
