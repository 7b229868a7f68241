using Hearsay.Features.Maps.Asking;

namespace Hearsay.Tests.Features.Maps.Asking;

public sealed class MapQuestionTests
{
    private static MapQuestion Whole => new()
    {
        Kind = MapQuestionKind.Set, Map = "m", Key = "käy", Field = "f", Text = "t", Amount = -5,
        Life = TimeSpan.FromSeconds(3), OtherNodes = 2, Patience = TimeSpan.FromSeconds(9),
        Value = "value"u8.ToArray(),
    };

    [Fact]
    public void What_is_written_is_read()
    {
        Assert.True(MapQuestion.TryRead(Whole.ToBytes(), out var read));
        Assert.Equal("value"u8.ToArray(), read.Value.ToArray());
        Assert.Equal(Whole with { Value = default }, read with { Value = default });
    }

    [Fact]
    public void A_question_that_is_cut_before_its_value_is_none()
    {
        var bytes = Whole.ToBytes();
        for (var length = 0; length < bytes.Length - Whole.Value.Length; length++)
        {
            Assert.False(MapQuestion.TryRead(bytes.AsMemory(0, length), out _), $"{length}");
        }
    }

    [Fact]
    public void What_is_beyond_the_bounds_is_none()
    {
        MapQuestion[] beyond =
        [
            Whole with { Map = "" }, Whole with { Map = new string('m', MapOptions.LongestNameBytes + 1) },
            Whole with { Key = new string('k', MapOptions.LongestKeyBytes + 1) },
            Whole with { Text = new string('k', MapOptions.LongestKeyBytes + 1) },
            Whole with { Amount = long.MinValue }, Whole with { OtherNodes = WriteConcern.LargestNodes + 1 },
            Whole with { Patience = TimeSpan.Zero }, Whole with { Patience = TimeSpan.FromHours(2) },
            Whole with { Life = TimeSpan.FromDays(40_000) }, Whole with { Kind = (MapQuestionKind)99 },
            Whole with { Value = new byte[MapQuestion.LongestBytes] },
        ];
        Assert.All(beyond, static one => Assert.False(MapQuestion.TryRead(one.ToBytes(), out _)));
    }

    [Fact]
    public void Garbage_throws_nothing()
    {
        var random = new Random(15);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Whole.ToBytes();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            MapQuestion.TryRead(bytes.AsMemory(0, random.Next(bytes.Length + 1)), out _);
        }
    }
}
