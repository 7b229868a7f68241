using Hearsay.Features.Maps.Asking;
using Hearsay.Protocols;

namespace Hearsay.Tests.Features.Maps.Asking;

/// <summary>What hostile askers draw from a node with maps.</summary>
public sealed class AskedCallsTests
{
    private static readonly NodeId s_asker = Asker(99);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static byte[] Question => new MapQuestion { Kind = MapQuestionKind.Get, Map = "m", Key = "k" }.ToBytes();

    [Fact]
    public async Task Garbage_is_counted_and_refused()
    {
        var calls = Calls();
        var random = new Random(15);
        for (var i = 0; i < 10_000; i++)
        {
            var garbage = new byte[random.Next(64)];
            random.NextBytes(garbage);
            var answer = await calls.AnswerAsync(s_asker, garbage, Cancellation);
            Assert.True(answer.Span[0] is MapCallFrame.IsLast or MapCallFrame.GoOn);
        }

        Assert.True(calls.Malformed + calls.Refused > 9_000);
        Assert.InRange(calls.Count, 0, AskedCalls.MostOfOne);
    }

    [Fact]
    public async Task Lengths_beyond_the_bounds_and_parts_of_no_call_are_malformed()
    {
        var calls = Calls();
        byte[][] malformed =
        [
            [], [1], [9, .. new byte[8]], [MapCallFrame.Begin, .. new byte[8], 0, 1],
            MapCallFrame.Of(MapCallFrame.Begin, 1, MapQuestion.LongestBytes + 1, Question),
            MapCallFrame.Of(MapCallFrame.Begin, 1, int.MaxValue, Question),
            MapCallFrame.Of(MapCallFrame.Begin, 1, Question.Length - 1, Question),
            MapCallFrame.Of(MapCallFrame.Begin, 1, 1, new byte[] { 77 }),
            MapCallFrame.Of(MapCallFrame.Begin, 1, 3, new byte[] { 1, 0, 0 }),
            MapCallFrame.Of(MapCallFrame.More, 1, 0, Question),
            MapCallFrame.Of(MapCallFrame.Next, 1),
        ];
        foreach (var request in malformed)
        {
            Assert.True(await IsRefusedAsync(calls, request));
        }

        Assert.Equal((malformed.Length, 0), (calls.Malformed, calls.Count));
    }

    [Fact]
    public async Task Calls_are_bounded_for_one_asker_and_for_all()
    {
        var calls = Calls();
        for (var i = 0; i < 2 * AskedCalls.MostCalls; i++)
        {
            await calls.AnswerAsync(Asker(i / 12), Part((ulong)i), Cancellation);
            Assert.True(i >= 12 || calls.Count == Math.Min(i + 1, AskedCalls.MostOfOne), $"{i}: {calls.Count}");
        }

        Assert.Equal(AskedCalls.MostCalls, calls.Count);
        Assert.Equal(AskedCalls.MostCalls, calls.Begun);
        Assert.Equal(AskedCalls.MostCalls, calls.Refused);
        calls.Complete();
        Assert.Equal(0, calls.Count);
        Assert.True(await IsRefusedAsync(calls, Part(1)));
    }

    [Fact]
    public async Task What_all_hold_of_questions_is_bounded()
    {
        var calls = Calls();
        byte[] part = [(byte)MapQuestionKind.Import, .. new byte[50_000]];
        var (held, refused) = (0L, 0);
        for (var asker = 0UL; refused == 0 && asker < 8; asker++)
        {
            var from = Asker((int)asker / AskedCalls.MostOfOne);
            var answer = await calls.AnswerAsync(
                from, MapCallFrame.Of(MapCallFrame.Begin, asker, MapQuestion.LongestImportBytes, part), Cancellation);
            held += part.Length;
            for (var i = 0; i < 300 && answer.Span[0] == MapCallFrame.GoOn; i++)
            {
                held += part.Length;
                answer = await calls.AnswerAsync(
                    from, MapCallFrame.Of(MapCallFrame.More, asker, 0, part), Cancellation);
            }

            refused += answer.Span[0] == MapCallFrame.GoOn ? 0 : 1;
        }

        Assert.InRange(held, AskedCalls.MostHeldBytes - (2 * part.Length), AskedCalls.MostHeldBytes + part.Length);
    }

    [Fact]
    public async Task A_call_whose_asker_is_gone_is_given_up()
    {
        var time = new ClockOfTimers();
        var calls = new AskedCalls(new MapAnswers(null!), time);
        await calls.AnswerAsync(s_asker, Part(1), Cancellation);
        Assert.Equal((1, 0), (calls.Count, calls.GivenUp));
        Assert.Equal(AskedCalls.Idle, time.Due);
        time.Fire();
        Assert.Equal((0, 1), (calls.Count, calls.GivenUp));
    }

    [Fact]
    public async Task A_call_that_ends_is_forgotten()
    {
        var calls = Calls();
        await calls.AnswerAsync(s_asker, Part(1), Cancellation);
        var ended = await calls.AnswerAsync(s_asker, MapCallFrame.Of(MapCallFrame.End, 1), Cancellation);
        Assert.Equal([MapCallFrame.IsLast], ended.ToArray());
        Assert.Equal((0, 0), (calls.Count, calls.Malformed));
    }

    private static NodeId Asker(int number) => NodeId.Read([.. new byte[NodeId.SizeBytes - 1], (byte)(number + 1)]);

    private static AskedCalls Calls() => new(new MapAnswers(null!), TimeProvider.System);

    /// <summary>The first byte of a question.</summary>
    private static byte[] Part(ulong call) =>
        MapCallFrame.Of(MapCallFrame.Begin, call, Question.Length, Question.AsMemory(0, 1));

    private static async Task<bool> IsRefusedAsync(AskedCalls calls, byte[] request)
    {
        var answer = (await calls.AnswerAsync(s_asker, request, Cancellation)).ToArray();
        return answer is [MapCallFrame.IsLast, _, _, _, _, MapPiece.Refused, ..];
    }

    private sealed class ClockOfTimers : TimeProvider
    {
        private Action? _fire;

        public TimeSpan Due { get; private set; }

        public void Fire() => _fire?.Invoke();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _fire = () => callback(state);
            return new Timer(due => Due = due);
        }

        private sealed class Timer(Action<TimeSpan> armed) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                armed(dueTime);
                return true;
            }

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
