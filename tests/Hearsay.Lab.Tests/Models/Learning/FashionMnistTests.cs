using System.Buffers.Binary;
using System.IO.Compression;
using Hearsay.Lab.Models.Learning;

namespace Hearsay.Lab.Tests.Models.Learning;

public sealed class FashionMnistTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hearsay-fashion-").FullName;

    [Fact]
    public void Without_the_files_it_says_which_package_has_them()
    {
        var error = Assert.Throws<InvalidDataException>(() => FashionMnist.Load("/nowhere/at/all"));
        Assert.Contains("dataset-fashion-mnist", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x803, 60_000, 10)]
    [InlineData(0x804, 60_000, 0)]
    [InlineData(0x803, 59_999, 0)]
    public void Other_files_and_truncated_ones_are_refused(int magic, int count, int bytes)
    {
        Write("train-images-idx3-ubyte.gz", magic, count, 16, bytes);
        var error = Assert.Throws<InvalidDataException>(() => FashionMnist.Load(_folder));
        Assert.Contains("train-images", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Campaign]
    public void Pictures_become_records_of_784_numbers_up_to_1()
    {
        Write("train-images-idx3-ubyte.gz", 0x803, 60_000, 16, 60_000 * 784, 255);
        Write("t10k-images-idx3-ubyte.gz", 0x803, 10_000, 16, 10_000 * 784, 51);
        Write("train-labels-idx1-ubyte.gz", 0x801, 60_000, 8, 60_000, 9);
        Write("t10k-labels-idx1-ubyte.gz", 0x801, 10_000, 8, 10_000, 3);
        var data = FashionMnist.Load(_folder);
        Assert.Equal((70_000, 784, 10), (data.RowCount, data.FeatureCount, data.ClassCount));
        Assert.Equal((1f, 0.2f), (data.Features(0)[0], data.Features(60_000)[783]));
        Assert.Equal((9f, 3f), (data.Target(0), data.Target(69_999)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, int magic, int count, int headBytes, int bytes, byte value = 0)
    {
        using var stream = new GZipStream(File.Create(Path.Combine(_folder, name)), CompressionLevel.Fastest);
        var head = new byte[headBytes];
        BinaryPrimitives.WriteInt32BigEndian(head, magic);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), count);
        stream.Write(head);
        var body = new byte[bytes];
        body.AsSpan().Fill(value);
        stream.Write(body);
    }
}
