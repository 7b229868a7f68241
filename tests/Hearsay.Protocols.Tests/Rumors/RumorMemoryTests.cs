using CsCheck;
using Hearsay.Protocols.Rumors;

namespace Hearsay.Protocols.Tests.Rumors;

public sealed class RumorMemoryTests
{
    private static readonly byte[] s_text = [1];

    [Fact]
    public void It_remembers_what_a_list_of_the_newest_would()
    {
        Gen.Int[0, 60].List[400].Sample(numbers =>
        {
            var memory = new RumorMemory(20, 20, 7);
            var model = new List<int>();
            foreach (var (step, number) in numbers.Index())
            {
                var id = Id(number);
                Assert.Equal(model.Contains(number), memory.TryFind(id.Key, out _));
                if (!model.Contains(number))
                {
                    var (place, forgot) = memory.Add(
                        id, id.Key, [1], new RumorState(RumorPhase.Hot, 0, 0), new Instant(step));
                    Assert.Equal(model.Count == 20, forgot);
                    model.Add(number);
                    model.RemoveRange(0, Math.Max(0, model.Count - 20));
                    Assert.Equal(id, memory[place].Id);
                }

                Assert.Equal((model.Count, model.Count), (memory.Count, memory.LiveCount));
                Assert.Equal(model.Select(Id), memory.Live.ToArray().Select(place => memory[place].Id));
                Assert.Equal(Id(model[^1]), memory.Newest(0).Id);
            }
        }, iter: 50);
    }

    [Fact]
    public void Time_forgets_the_oldest_first()
    {
        var memory = new RumorMemory(600, 600, 7);
        for (var i = 0; i < 600; i++)
        {
            memory.Add(Id(i), Id(i).Key, [1], default, new Instant(i));
        }

        memory.ForgetBefore(new Instant(400));
        Assert.Equal((200, 200), (memory.Count, memory.LiveCount));
        Assert.False(memory.TryFind(Id(399).Key, out _));
        Assert.True(memory.TryFind(Id(400).Key, out _));
    }

    [Fact]
    public void Few_rumors_at_a_time_take_few_places_however_many_pass()
    {
        var memory = new RumorMemory(5_000, 100, 7);
        void Pass(int rumors)
        {
            for (var i = 0; i < rumors; i++)
            {
                memory.Add(Id(i), Id(i).Key, s_text, default, new Instant(i));
                memory.ForgetBefore(new Instant(i + 1));
            }
        }

        Pass(10);
        Assert.Equal(0, SteadyState.Bytes(() => Pass(1_000)));
    }

    [Fact]
    public void Texts_that_nobody_needs_are_dropped_and_the_ids_stay()
    {
        var memory = new RumorMemory(100, 100, 7);
        var options = new RumorOptions { Mode = RumorMode.Push };
        for (var i = 0; i < 10; i++)
        {
            var phase = i % 2 == 0 ? RumorPhase.Hot : RumorPhase.Removed;
            memory.Add(Id(i), Id(i).Key, [1], new RumorState(phase, 0, 0), default);
        }

        memory.DropTexts(options);
        Assert.Equal((10, 5), (memory.Count, memory.LiveCount));
        Assert.All(memory.Live.ToArray(), place => Assert.NotNull(memory[place].Text));
        Assert.True(memory.TryFind(Id(1).Key, out var removed));
        Assert.Null(memory[removed].Text);
    }

    private static RumorId Id(int number) => new(new NodeId(1, 2), 3, (uint)number);
}
