using System.Buffers.Text;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Hearsay.Playground;
using Hearsay.Playground.Recording;

namespace Hearsay.Cli.Play.Live;

/// <summary>A frame of live nodes, in the numbers that the page draws of a simulated network too.</summary>
internal sealed class LiveFrame
{
    private static readonly byte[] s_head = "event: frame\ndata: "u8.ToArray();
    private static readonly byte[] s_tail = "\n\n"u8.ToArray();

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly FrameWriter _writer = new();
    private int _links;

    /// <summary>Begins a frame of the present moment.</summary>
    /// <param name="nodes">How many nodes it has.</param>
    /// <param name="values">Numbers about each.</param>
    /// <param name="metrics">Numbers about all; as many follow.</param>
    public void Begin(int nodes, int values, ReadOnlySpan<double> metrics)
    {
        _writer.Clear();
        var tenths = Stopwatch.GetElapsedTime(_began).TotalMilliseconds * 10;
        ReadOnlySpan<int> head =
        [
            PlayFrame.Magic, (int)Math.Min(int.MaxValue, tenths), 1, 0, 0, 0, 0, 0,
            nodes, values, metrics.Length, 0, 0, 0,
        ];
        foreach (var number in head)
        {
            _writer.Add(number);
        }

        foreach (var metric in metrics)
        {
            _writer.Add(metric);
        }
    }

    /// <summary>The next node; its values and then its links follow.</summary>
    public void Node(bool isUp, bool isMarked)
    {
        _writer.Add((isUp ? 1 : 0) | (isMarked ? 8 : 0));
        _links = _writer.Reserve();
        _writer.Patch(_links, 0);
    }

    /// <summary>A number about the node.</summary>
    public void Value(double value) => _writer.Add(value);

    /// <summary>A peer that the node knows.</summary>
    /// <param name="to">Its number; one that is not shown is left out.</param>
    /// <param name="age">How old what is known of it is, in cycles.</param>
    public void Link(int to, int age)
    {
        if (to is >= 0 and <= ushort.MaxValue)
        {
            _writer.Add(to | (Math.Min(age, short.MaxValue) << 16));
            _writer.Patch(_links, _writer.At(_links) + 1);
        }
    }

    /// <summary>The frame as one server-sent event.</summary>
    public byte[] ToEvent()
    {
        var numbers = MemoryMarshal.AsBytes(_writer.Numbers);
        var text = new byte[s_head.Length + Base64.GetMaxEncodedToUtf8Length(numbers.Length) + s_tail.Length];
        s_head.CopyTo(text, 0);
        Base64.EncodeToUtf8(numbers, text.AsSpan(s_head.Length), out _, out var written);
        s_tail.CopyTo(text, s_head.Length + written);
        return text;
    }
}
