using CsCheck;
using Hearsay.Protocols.Security;

namespace Hearsay.Protocols.Tests.Security;

public sealed class ReplayWindowTests
{
    [Fact]
    public void It_agrees_with_a_set_of_all_numbers_that_were_seen() =>
        Gen.Select(Gen.Int[-300, 400].Array[1, 400], Gen.Int[1, 4]).Sample((steps, size) =>
        {
            var words = new ulong[1 << size];
            var (seen, bits) = (new HashSet<uint>(), (uint)words.Length * 64);
            var (highest, next) = (1000U, 1000U);
            ReplayWindow.Open(words, isSeen: true);
            foreach (var step in steps)
            {
                next = (uint)Math.Max(1, next + step);
                var isNew = next > highest
                    || (highest - next < bits && next > 1000 && !seen.Contains(next));
                Assert.Equal(isNew, ReplayWindow.IsNew(words, highest, next));
                if (isNew)
                {
                    ReplayWindow.Mark(words, ref highest, next);
                    seen.Add(next);
                    Assert.False(ReplayWindow.IsNew(words, highest, next));
                }
            }
        });

    [Fact]
    public void It_works_up_to_the_last_number()
    {
        var words = new ulong[32];
        var highest = 0U;
        ReplayWindow.Open(words, isSeen: false);
        ReplayWindow.Mark(words, ref highest, 0x7FFF_FFFF);
        Assert.Equal(0x7FFF_FFFFU, highest);
        Assert.False(ReplayWindow.IsNew(words, highest, 0x7FFF_FFFF));
        Assert.True(ReplayWindow.IsNew(words, highest, 0x7FFF_FFFE));
        Assert.False(ReplayWindow.IsNew(words, highest, 1));
    }
}
