using Hearsay.Lab.Models;
using Hearsay.Protocols;

namespace Hearsay.Lab.Tests.Models;

/// <summary>The battery lets a good generator pass, and each of its tests fails on a stream made for it.</summary>
public sealed class StreamBatteryTests
{
    private const int Length = 200_000;

    [Fact]
    public void A_good_generator_passes_every_test_for_several_seeds()
    {
        for (var seed = 1UL; seed <= 4; seed++)
        {
            Assert.All(
                StreamBattery.Tests.Zip(StreamBattery.Scores(Good(seed))),
                test => Assert.True(Math.Abs(test.Second) < 4, $"{test.First}: {test.Second}"));
        }
    }

    [Theory]
    [InlineData("frequency")]
    [InlineData("bits")]
    [InlineData("pairs")]
    [InlineData("repeats")]
    [InlineData("near repeats")]
    [InlineData("gaps")]
    [InlineData("poker")]
    [InlineData("permutations")]
    [InlineData("runs")]
    [InlineData("OPSO")]
    [InlineData("birthdays")]
    public void Every_test_finds_the_fault_it_is_for(string test)
    {
        var stream = Spoiled(test);
        var score = StreamBattery.Scores(stream)[StreamBattery.Tests.ToList().IndexOf(test)];
        Assert.True(Math.Abs(score) > 5, $"{test}: {score}");
    }

    private static ushort[] Good(ulong seed)
    {
        var random = new SeededRandom(seed);
        var stream = new ushort[Length];
        foreach (ref var value in stream.AsSpan())
        {
            value = (ushort)random.Below(1024);
        }

        return stream;
    }

    private static ushort[] Spoiled(string test)
    {
        var stream = Good(5);
        var random = new SeededRandom(6);
        for (var i = 1; i < stream.Length; i++)
        {
            var happens = random.Below(20) == 0;
            stream[i] = test switch
            {
                "frequency" or "gaps" => happens ? (ushort)(stream[i] % 64) : stream[i],
                "bits" => happens ? (ushort)(stream[i] | 8) : stream[i],
                "repeats" or "pairs" or "poker" or "runs" or "OPSO" => happens ? stream[i - 1] : stream[i],
                "near repeats" => happens && i > 9 ? stream[i - 7] : stream[i],
                "permutations" => happens && i % 4 == 1 ? (ushort)((stream[i - 1] + 1) % 1024) : stream[i],
                _ => (ushort)(stream[i] & ~7),
            };
        }

        return stream;
    }
}
