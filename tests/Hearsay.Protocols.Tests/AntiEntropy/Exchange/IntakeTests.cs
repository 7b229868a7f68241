using Hearsay.Protocols.AntiEntropy.Exchange;

namespace Hearsay.Protocols.Tests.AntiEntropy.Exchange;

/// <summary>Which pieces are asked for, and which are asked for again.</summary>
public sealed class IntakeTests
{
    private const int Pieces = 10;
    private readonly Intake _intake = new((long)Pieces * MapFrame.PieceBytes, TimeSpan.FromMilliseconds(10));
    private Instant _now = Instant.Zero + TimeSpan.FromSeconds(5);

    public IntakeTests() => Take(0);

    [Fact]
    public void Pieces_are_asked_for_in_order_and_no_more_than_a_window_at_a_time()
    {
        Assert.Equal([1, 2, 3], Asked(window: 3));
        Take(1);
        Assert.Equal([4], Asked(window: 3));
        Take(2);
        Take(3);
        Assert.Equal([5, 6], Asked(window: 3));
        Assert.Equal([7, 8, 9], Asked(window: 20));
    }

    [Fact]
    public void A_piece_that_two_later_ones_have_overtaken_is_asked_for_again_and_one_that_one_has_is_not()
    {
        Assert.Equal([1, 2, 3, 4], Asked(window: 4));
        Pass(milliseconds: 20);
        Take(2);
        Assert.Equal([5], Asked(window: 4));
        Take(3);
        Assert.Equal([6], Asked(window: 4));

        // Pieces take 20 ms here: one that takes no longer may yet come.
        Pass(milliseconds: 6);
        Assert.Equal([1], Asked(window: 4));

        // Asked for last now, it is not lost again before two of those that were asked for after it have come.
        Pass(milliseconds: 20);
        Take(4);
        Take(5);
        Take(6);
        Assert.Equal([7, 8, 9], Asked(window: 4));
        Pass(milliseconds: 25);
        Take(7);
        Assert.Empty(Asked(window: 4));
        Take(8);
        Pass(milliseconds: 20);
        Assert.Equal([1], Asked(window: 4));
    }

    [Fact]
    public void After_a_silence_all_that_has_not_come_is_asked_for_again_once()
    {
        Assert.Equal([1, 2, 3], Asked(window: 3));
        Take(2);
        Assert.Equal([4], Asked(window: 3));
        _intake.AskAgain();
        Assert.Equal([1, 3, 4], Asked(window: 3));
        Assert.Empty(Asked(window: 3));
    }

    [Fact]
    public void It_is_complete_when_every_piece_has_come_once_in_whatever_order()
    {
        Asked(window: 20);
        for (var piece = Pieces - 1; piece > 0; piece--)
        {
            Assert.False(_intake.IsComplete);
            Take(piece);
            Assert.False(_intake.Take((long)piece * MapFrame.PieceBytes, new byte[MapFrame.PieceBytes], _now));
        }

        Assert.True(_intake.IsComplete);
        Assert.Empty(Asked(window: 20));
    }

    private void Pass(double milliseconds) => _now += TimeSpan.FromMilliseconds(milliseconds);

    private void Take(int piece) =>
        Assert.True(_intake.Take((long)piece * MapFrame.PieceBytes, new byte[MapFrame.PieceBytes], _now));

    private List<long> Asked(int window)
    {
        var asked = new List<long>();
        while (_intake.TryAsk(window, _now, out var offset))
        {
            asked.Add(offset / MapFrame.PieceBytes);
        }

        return asked;
    }
}
