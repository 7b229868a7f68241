using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Tests.Shell;

public sealed class TolerantWriterTests
{
    [Fact]
    public async Task What_cannot_be_written_is_lost_told_once_and_what_comes_later_is_written()
    {
        using var inner = new Disk { IsFull = true };
        var told = new List<string>();
        await using var writer = new TolerantWriter(inner, told.Add);
        writer.WriteLine("one");
        await writer.WriteLineAsync("two");
        writer.Write('3');
        writer.Write("four");
        await writer.FlushAsync(TestContext.Current.CancellationToken);
        inner.IsFull = false;
        writer.WriteLine("five");

        Assert.Equal("five" + Environment.NewLine, inner.ToString());
        Assert.Equal([Disk.Message], told);
    }

    [Fact]
    public void A_descriptor_that_takes_nothing_is_told_by_its_cause()
    {
        using var inner = new Disk
        {
            Failure = new UnauthorizedAccessException("denied", new IOException("Bad file descriptor")), IsFull = true,
        };
        var told = new List<string>();
        using var writer = new TolerantWriter(inner, told.Add);

        writer.WriteLine("one");

        Assert.Equal(["Bad file descriptor"], told);
    }

    [Fact]
    public void A_defect_is_not_tolerated()
    {
        using var inner = new Disk { Failure = new InvalidOperationException(), IsFull = true };
        using var writer = new TolerantWriter(inner);

        Assert.Throws<InvalidOperationException>(() => writer.WriteLine("one"));
    }

    private sealed class Disk : StringWriter
    {
        public const string Message = "No space left on device";

        public bool IsFull { get; set; }

        public Exception Failure { get; init; } = new IOException(Message);

        public override void Write(char value) => Write(value.ToString());

        public override void WriteLine(string? value) => Write(value + Environment.NewLine);

        public override void Write(string? value)
        {
            if (IsFull)
            {
                throw Failure;
            }

            base.Write(value);
        }
    }
}
