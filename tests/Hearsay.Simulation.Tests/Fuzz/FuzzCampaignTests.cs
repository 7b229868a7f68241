using Hearsay.Security;

namespace Hearsay.Simulation.Tests.Fuzz;

public sealed class FuzzCampaignTests
{
    /// <summary>The first of the two thousand that <c>.ci/run</c> has <c>hearsay lab fuzz</c> run.</summary>
    [Fact]
    [Campaign]
    public void A_hundred_random_networks_break_no_rule_whatever_happens_to_them()
    {
        var ledger = FuzzCampaign.Run(new FuzzOptions { Seeds = 100 });
        Assert.Empty(ledger.Failures);
        Assert.All(ledger.Faults, fault => Assert.True(fault.Value > 0, fault.Key));
        Assert.True(ledger.LivenessChecked > 20);
    }

    [Fact]
    [Campaign]
    public void A_hundred_random_networks_of_mode_key_break_no_rule_either()
    {
        var ledger = FuzzCampaign.Run(new FuzzOptions { Seeds = 100, Shrinks = 0, Cipher = new SodiumCipher() });
        Assert.Empty(ledger.Failures);
        Assert.All(ledger.Faults, fault => Assert.True(fault.Value > 0, fault.Key));
        Assert.True(ledger.LivenessChecked > 20);
    }

    [Fact]
    [Campaign]
    public void Sixty_random_networks_of_mode_identity_break_no_rule_either()
    {
        var ledger = FuzzCampaign.Run(
            new FuzzOptions { Seeds = 60, Shrinks = 0, Identities = new SeededFuzzIdentities() });
        Assert.Empty(ledger.Failures);
        Assert.All(ledger.Faults, fault => Assert.True(fault.Value > 0, fault.Key));
        Assert.True(ledger.LivenessChecked > 12);
    }

    [Fact]
    [Campaign]
    public void The_ledger_does_not_depend_on_the_number_of_threads()
    {
        var one = FuzzCampaign.Run(new FuzzOptions { Seeds = 12, Threads = 1 });
        var many = FuzzCampaign.Run(new FuzzOptions { Seeds = 12, Threads = 5 });
        Assert.Equal(one.TraceHash, many.TraceHash);
        Assert.Equal(one.Faults, many.Faults);
        Assert.Equal(one.Events, many.Events);
    }

    [Fact]
    public void A_seed_gives_the_trace_that_another_process_recorded() =>
        Assert.Equal("732a223b56d58475", FuzzCampaign.Run(new FuzzOptions { Seeds = 3 }).TraceHash);

    [Fact]
    public void A_replay_is_the_seed_with_another_plan()
    {
        var fuzz = FuzzCampaign.ParseReplay("7 crash@1000:1");
        Assert.Equal("crash@1000:1", fuzz.Plan.ToString());
        Assert.Equal(FuzzCase.FromSeed(7).Describe(), fuzz.Describe());
        Assert.Equal(FuzzCase.FromSeed(7).Plan.ToString(), FuzzCampaign.ParseReplay("7").Plan.ToString());
        Assert.Empty(FuzzCampaign.ParseReplay("7 ").Plan.Faults);
        Assert.Throws<FormatException>(() => FuzzCampaign.ParseReplay("seven"));
        Assert.Throws<FormatException>(() => FuzzCampaign.ParseReplay("7 boom"));
    }
}
