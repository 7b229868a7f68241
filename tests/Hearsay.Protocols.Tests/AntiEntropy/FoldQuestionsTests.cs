using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Tests.AntiEntropy.Replica;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.AntiEntropy;

/// <summary>Questions of a few bytes that have a node look at all epochs that it has folded.</summary>
public sealed class FoldQuestionsTests
{
    private const int Folded = 40_000;
    private const int Seconds = 5;

    private readonly MapRig _rig = new();
    private ulong _nonce;

    public FoldQuestionsTests()
    {
        ((TestStore)_rig.Open("m")).Claims = ReplicaClaims.Empty with { Context = ContextOf(Folded) };
        _rig.Set("k", [1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void So_many_of_them_are_read_as_there_is_time_for(bool areAll)
    {
        for (var i = 0; i < 20 * Seconds; i++)
        {
            _rig.Node.Advance(TimeSpan.FromMilliseconds(50));
            Ask(areAll ? FoldParts.All : FoldParts.None(3).Differing([1, 1, 1, 1, 1, 1, 1, 0], new uint[8]));
        }

        Assert.InRange(_rig.Counters.Refused, 19 * Seconds / 2, (20 * Seconds) - 2);
    }

    [Fact]
    public void One_that_names_no_epoch_costs_nothing_and_one_of_an_honest_node_is_answered()
    {
        var digests = ContextOf(Folded);
        for (var i = 0; i < 20; i++)
        {
            _rig.Node.Advance(TimeSpan.FromMilliseconds(50));
            Ask(FoldParts.None(12), digests);
        }

        _rig.Sent();
        Ask(FoldParts.All);
        Assert.Equal(0, _rig.Counters.Refused);
        Assert.Single(_rig.Sent(MapFrame.Offer));
    }

    private static CausalContext ContextOf(int folded) => CausalContext.OfSorted(
        CausalContext.Empty.Open, CausalContext.Empty.Closed, CausalContext.Empty.Folded.AddRange(
            Enumerable.Range(1, folded).Select(static i => KeyValuePair.Create(
                new EpochId(new NodeId(5, (ulong)i), SeededRandom.Mix((ulong)i)), 2UL))), []);

    private void Ask(FoldParts parts, CausalContext? told = null) =>
        _rig.Send(1, MapFrame.Ask, (ref WireWriter writer) =>
        {
            writer.WriteUInt64(++_nonce);
            MapRig.WriteName(ref writer, "m");
            writer.WriteByte((byte)PullMode.Brief);
            BriefContext.TryWrite(ref writer, told ?? CausalContext.Empty, parts, default);
        });
}
