using CsCheck;
using Hearsay.Protocols.Sampling.Kernels;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Tests;

/// <summary>
/// The paper defines merge on positions ("remove the first S"), the kernel on sets ("remove S of those sent"). While
/// exchanges do not overlap they are the same, entry for entry, as long as no more are swapped than were sent.
/// </summary>
public class ListFormTests
{
    private const int Nodes = 24;

    [Fact]
    public void Set_form_and_list_form_give_identical_views() =>
        (from half in Gen.Int[2, 6]
         from healing in Gen.Int[0, half - 1]
         from swap in Gen.Int[0, half - 1 - healing]
         from seed in Gen.ULong
         select (half, healing, swap, seed)).Sample(
            (half, healing, swap, seed) =>
            {
                var options = new PeerSamplingOptions { ViewSize = 2 * half, Healing = healing, Swap = swap };
                var set = RunSets(options.ToRules(), seed);
                var list = RunLists(2 * half, healing, swap, seed);
                for (var node = 0; node < Nodes; node++)
                {
                    Assert.Equal(list[node], set[node]);
                }
            },
            iter: 200);

    private static List<(uint Handle, ushort Age)>[] RunSets(ExchangeRules rules, ulong seed)
    {
        var views = Start(rules.ViewSize);
        var random = new SeededRandom(seed);
        for (var step = 0; step < 300; step++)
        {
            var (node, partner) = Pair(views, ref random);
            var active = Slice(views[node], rules);
            var passive = Slice(views[partner], rules);
            var (request, answer) = (new uint[rules.MaximumBuffer], new uint[rules.MaximumBuffer]);
            var (requestAges, answerAges) = (new ushort[rules.MaximumBuffer], new ushort[rules.MaximumBuffer]);
            var asked = ExchangeKernel.Prepare(rules, ref active, false, request, requestAges, ref random);
            var answered = ExchangeKernel.Prepare(rules, ref passive, true, answer, answerAges, ref random);
            ExchangeKernel.Merge(
                rules, ref passive, [(uint)node, .. request[..asked]], [0, .. requestAges[..asked]],
                answer.AsSpan(0, answered), (uint)partner, ref random);
            passive.IncreaseAges();
            ExchangeKernel.Merge(
                rules, ref active, [(uint)partner, .. answer[..answered]], [0, .. answerAges[..answered]],
                request.AsSpan(0, asked), (uint)node, ref random);
            ExchangeKernel.Close(rules, ref active);
            (views[node], views[partner]) = (AnyView.Entries(active), AnyView.Entries(passive));
        }

        return views;
    }

    private static List<(uint Handle, ushort Age)>[] RunLists(int viewSize, int healing, int swap, ulong seed)
    {
        var views = Start(viewSize);
        var random = new SeededRandom(seed);
        for (var step = 0; step < 300; step++)
        {
            var (node, partner) = Pair(views, ref random);
            var request = PrepareList(views[node], node, viewSize, healing, ref random);
            var answer = PrepareList(views[partner], partner, viewSize, healing, ref random);
            MergeList(views[partner], request, partner, viewSize, healing, swap, ref random);
            MergeList(views[node], answer, node, viewSize, healing, swap, ref random);
        }

        return views;
    }

    private static List<(uint Handle, ushort Age)>[] Start(int viewSize) =>
    [
        .. Enumerable.Range(0, Nodes).Select(node => Enumerable.Range(1, viewSize)
            .Select(distance => ((uint)((node + distance) % Nodes), (ushort)0)).ToList()),
    ];

    private static (int Node, int Partner) Pair(List<(uint Handle, ushort Age)>[] views, ref SeededRandom random)
    {
        var node = random.Below(Nodes);
        return (node, (int)views[node][random.Below(views[node].Count)].Handle);
    }

    private static ViewSlice Slice(List<(uint Handle, ushort Age)> entries, ExchangeRules rules)
    {
        var view = new ViewSlice(new uint[rules.Room], new ushort[rules.Room], 0, rules.ViewSize);
        foreach (var (handle, age) in entries)
        {
            view.Append(handle, age);
        }

        return view;
    }

    private static List<(uint Handle, ushort Age)> PrepareList(
        List<(uint Handle, ushort Age)> view, int node, int viewSize, int healing, ref SeededRandom random)
    {
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(view));
        for (var end = view.Count - 1; end >= Math.Max(0, view.Count - healing); end--)
        {
            var oldest = view.FindIndex(entry => entry.Age == view.Take(end + 1).Max(other => other.Age));
            (view[oldest], view[end]) = (view[end], view[oldest]);
        }

        return [((uint)node, 0), .. view.Take((viewSize / 2) - 1)];
    }

    private static void MergeList(
        List<(uint Handle, ushort Age)> view,
        List<(uint Handle, ushort Age)> buffer,
        int node,
        int viewSize,
        int healing,
        int swap,
        ref SeededRandom random)
    {
        foreach (var (handle, age) in buffer.Where(entry => entry.Handle != node))
        {
            var index = view.FindIndex(entry => entry.Handle == handle);
            if (index < 0)
            {
                view.Add((handle, age));
            }
            else
            {
                view[index] = (handle, Math.Min(age, view[index].Age));
            }
        }

        for (var left = Math.Min(healing, view.Count - viewSize); left > 0; left--)
        {
            view.RemoveAt(view.FindLastIndex(entry => entry.Age == view.Max(other => other.Age)));
        }

        view.RemoveRange(0, Math.Max(0, Math.Min(swap, view.Count - viewSize)));
        RemoveRandom(view, view.Count - viewSize, ref random);
        for (var i = 0; i < view.Count; i++)
        {
            view[i] = (view[i].Handle, (ushort)(view[i].Age + 1));
        }
    }

    /// <summary>With the kernel's draws: the last position left takes the place of the one that was drawn.</summary>
    private static void RemoveRandom(List<(uint Handle, ushort Age)> view, int count, ref SeededRandom random)
    {
        var positions = Enumerable.Range(0, view.Count).ToList();
        for (; count > 0; count--)
        {
            positions[random.Below(positions.Count)] = positions[^1];
            positions.RemoveAt(positions.Count - 1);
        }

        var kept = positions.Order().Select(position => view[position]).ToList();
        view.Clear();
        view.AddRange(kept);
    }
}
