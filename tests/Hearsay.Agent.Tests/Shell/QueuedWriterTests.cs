using System.Diagnostics;
using System.Text;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Tests.Shell;

public sealed class QueuedWriterTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public void Lines_come_out_in_order_and_the_end_waits_for_them()
    {
        using var inner = new StringWriter();
        using (var writer = new QueuedWriter(inner))
        {
            writer.WriteLine("one");
            writer.Write('t');
            writer.Write("w");
            writer.Write(['-', 'o', '-'], 1, 1);
            writer.WriteLine();
            writer.WriteLine("left");
        }

        Assert.Equal(string.Join(Environment.NewLine, "one", "two", "left", ""), inner.ToString());
    }

    [Fact]
    public void Who_writes_waits_for_no_reader_and_what_is_too_much_is_lost_and_told_once()
    {
        using var inner = new Pipe();
        var told = 0;
        var watch = Stopwatch.StartNew();
        var writer = new QueuedWriter(inner, () => told++);
        writer.WriteLine("first");
        Assert.True(inner.IsWaiting.Wait(Deadline, TestContext.Current.CancellationToken));
        for (var i = 0; i < QueuedWriter.Capacity; i++)
        {
            writer.WriteLine($"{i}");
        }

        Assert.Equal(0, told);
        writer.WriteLine("too much");
        writer.WriteLine("too much");
        Assert.Equal(1, told);

        writer.Dispose();
        Assert.InRange(watch.Elapsed, QueuedWriter.Patience, Deadline);
        inner.IsRead.Set();
    }

    /// <summary>One that nobody reads yet.</summary>
    private sealed class Pipe : TextWriter
    {
        public ManualResetEventSlim IsWaiting { get; } = new();

        public ManualResetEventSlim IsRead { get; } = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(string? value)
        {
            IsWaiting.Set();
            IsRead.Wait(Deadline);
        }
    }
}
