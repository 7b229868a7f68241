using Hearsay.Simulation;

namespace Hearsay.Defects.Tests;

/// <summary>
/// Does the detector detect? Every defect of the catalogue is caught by a rule within 200 seeds, and without a defect
/// no seed breaks one. The table of catches is written to the output of the test.
/// </summary>
public sealed class DetectorTests
{
    private const int MostSeeds = 200;

    public static TheoryData<SamplingDefect> Catalogue => Defect.All<SamplingDefect>();

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void Every_defect_is_caught_within_two_hundred_seeds(SamplingDefect defect)
    {
        using var broken = Defect.SwitchOn(defect);
        for (var seed = 1; seed <= MostSeeds; seed++)
        {
            var outcome = FuzzRun.Run(FuzzCase.FromSeed((ulong)seed));
            if (outcome.Rule is { } rule)
            {
                var line = $"| {defect} | {rule} | {seed} |";
                TestContext.Current.TestOutputHelper!.WriteLine(line);
                Console.WriteLine(line);
                return;
            }
        }

        Assert.Fail($"{defect} was not caught.");
    }

    [Fact]
    [Campaign]
    public void Without_a_defect_the_same_sources_break_no_rule()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            Assert.Null(FuzzRun.Run(FuzzCase.FromSeed((ulong)seed)).Message);
        }
    }
}
