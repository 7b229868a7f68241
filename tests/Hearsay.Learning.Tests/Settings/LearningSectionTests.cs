using Microsoft.Extensions.Configuration;

namespace Hearsay.Learning.Tests.Settings;

/// <summary>What the page says of a section of the program's configuration.</summary>
public sealed class LearningSectionTests
{
    [Fact]
    public void A_section_of_the_configuration_fills_the_options()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Hearsay:Learning:Mode"] = "Plain",
            ["Hearsay:Learning:Period"] = "00:00:03",
            ["Hearsay:Learning:Eta"] = "2.5",
            ["Hearsay:Learning:TransferBytes"] = "4194304",
        }).Build();
        var options = configuration.GetSection("Hearsay:Learning").Get<LearningOptions>();
        Assert.Equal(
            new LearningOptions
            {
                Mode = MergeMode.Plain, Period = TimeSpan.FromSeconds(3), Eta = 2.5, TransferBytes = 4 << 20,
            },
            options);
        Assert.NotEqual(new LearningOptions(), options);
    }
}
