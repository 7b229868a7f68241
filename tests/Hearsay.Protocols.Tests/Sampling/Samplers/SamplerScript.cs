using Hearsay.Protocols.Sampling.View;
using Hearsay.Protocols.Tests.Sampling.View;

namespace Hearsay.Protocols.Tests.Sampling.Samplers;

/// <summary>
/// Draws and changes of a view in an order that a list of numbers defines, checked against the queue.
/// </summary>
internal static class SamplerScript
{
    public static uint[] Random(ulong seed, int length)
    {
        var random = new SeededRandom(seed);
        var steps = new uint[length];
        for (var i = 0; i < length; i++)
        {
            steps[i] = (uint)random.NextUInt64();
        }

        return steps;
    }

    /// <summary>The first thing the specification has against the sampler, or null.</summary>
    public static string? Run(Func<ViewPublisher, IPeerSampler> create, int capacity, uint[] steps)
    {
        var view = new TestView(capacity);
        var model = new QueueModel(1);
        using var sampler = create(view.Publisher);
        foreach (var step in steps)
        {
            var verdict = step % 8 < 4 ? Draw(sampler, model, (int)(step / 8 % 5)) : Change(view, model, step);
            if (verdict is not null)
            {
                return verdict;
            }
        }

        return null;
    }

    private static string? Draw(IPeerSampler sampler, QueueModel model, int more)
    {
        for (var i = 0; i <= more; i++)
        {
            var drawn = sampler.TryGetPeer(out var peer, out var origin);
            if (model.Judge(drawn, TestView.NumberOf(peer), origin) is { } verdict)
            {
                return verdict;
            }
        }

        return null;
    }

    private static string? Change(TestView view, QueueModel model, uint step)
    {
        var capacity = view.Publisher.Capacity;
        var entries = view.Entries;
        var at = entries.Count == 0 ? 0 : (int)(step / 8 % (uint)entries.Count);

        // Few numbers beyond the capacity, so that those who left come back.
        var number = (step >> 12) % (uint)(capacity + 3);
        var isNew = entries.TrueForAll(entry => entry.Number != number);
        switch (step % 8)
        {
            case 4 when isNew && entries.Count < capacity:
                entries.Insert(at, (number, (ushort)(step >> 20)));
                break;
            case 5 when isNew && entries.Count > 0:
                entries[at] = (number, 0);
                break;
            case 6 when entries.Count > 0 && step % 3 == 0:
                entries.RemoveAt(at);
                break;
            case 7 when entries.Count > 0:
                entries.Reverse();
                entries[at] = (entries[at].Number, (ushort)(step >> 16));
                view.Update(entries[at].Number);
                break;
        }

        view.Cycle += step % 3;
        view.Publish();
        model.ViewIs(entries.ConvertAll(entry => entry.Number));
        var published = view.Numbers();
        return published.ToHashSet().SetEquals(entries.Select(entry => entry.Number))
            && published.Length == entries.Count
            ? null
            : "the published view is another";
    }
}
