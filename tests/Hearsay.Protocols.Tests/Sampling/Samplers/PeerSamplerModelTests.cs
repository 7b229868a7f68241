using CsCheck;
using Hearsay.Protocols.Sampling.Samplers;

namespace Hearsay.Protocols.Tests.Sampling.Samplers;

public class PeerSamplerModelTests
{
    [Fact]
    public void Drawing_without_replacement_obeys_the_queue_of_the_reference() =>
        Gen.Select(Gen.OneOf(Gen.Int[1, 12], Gen.Const(30), Gen.Const(65), Gen.Const(256)), Gen.UInt.Array[1, 300],
            Gen.ULong)
            .Sample((capacity, steps, seed) => Assert.Null(SamplerScript.Run(
                view => new PeerSampler(view, SamplingPolicy.UniformWithoutReplacement, seed), capacity, steps)));

    [Fact]
    public void The_check_passes_a_simple_sampler_that_is_made_another_way() =>
        Assert.All(Scripts, steps => Assert.Null(Run(steps, SamplerFault.None)));

    [Theory]
    [InlineData(SamplerFault.ForgetsMarks)]
    [InlineData(SamplerFault.TakesUpdatesForNew)]
    [InlineData(SamplerFault.RemembersWhoLeft)]
    [InlineData(SamplerFault.HidesFallbacks)]
    public void The_check_catches_the_same_sampler_with_a_fault(SamplerFault fault) =>
        Assert.All(Scripts, steps => Assert.NotNull(Run(steps, fault)));

    private static IEnumerable<uint[]> Scripts =>
        Enumerable.Range(0, 50).Select(seed => SamplerScript.Random((ulong)seed, 300));

    private static string? Run(uint[] steps, SamplerFault fault) =>
        SamplerScript.Run(view => new SimpleSampler(view, fault), 4, steps);
}
