using System.Buffers.Binary;
using System.IO.Compression;
using Hearsay.Learning;

namespace Hearsay.Lab.Models.Learning;

/// <summary>
/// Fashion-MNIST (Xiao, Rasul, Vollgraf, arXiv 1708.07747): 70,000 pictures of clothes, 784 grey values from 0 to 1, in
/// ten classes. It is not in this repository; Debian's package dataset-fashion-mnist has it.
/// </summary>
internal static class FashionMnist
{
    /// <summary>What stands for it in place of a path.</summary>
    public const string Name = "fashion-mnist";

    /// <summary>The records that train in the literature.</summary>
    public const int TrainRows = 60_000;

    private const string Folder = "/usr/share/datasets/fashion-mnist";
    private const int PictureMagic = 0x803;
    private const int LabelMagic = 0x801;
    private const int Side = 28;
    private const int Classes = 10;

    /// <summary>Reads both parts, the training part first.</summary>
    /// <param name="folder">The folder with the four files; null for that of the package.</param>
    /// <exception cref="InvalidDataException">The files are not there, or are others.</exception>
    public static LearningData Load(string? folder = null)
    {
        folder ??= Folder;
        if (!Directory.Exists(folder))
        {
            throw new InvalidDataException(
                $"{folder} does not exist. Install Debian's package dataset-fashion-mnist.");
        }

        var pictures = Read(folder, "images-idx3", PictureMagic, headBytes: 16, Side * Side);
        var labels = Read(folder, "labels-idx1", LabelMagic, headBytes: 8, recordBytes: 1);
        if (labels.Length * Side * Side != pictures.Length || Array.Exists(labels, static label => label >= Classes))
        {
            throw new InvalidDataException($"The labels in {folder} do not go with the pictures.");
        }

        return new LearningData(
            Array.ConvertAll(pictures, static grey => grey / 255f),
            Array.ConvertAll(labels, static label => (float)label), Classes);
    }

    private static byte[] Read(string folder, string kind, int magic, int headBytes, int recordBytes) =>
    [
        .. ReadPart(Path.Combine(folder, $"train-{kind}-ubyte.gz"), magic, headBytes, recordBytes, TrainRows),
        .. ReadPart(Path.Combine(folder, $"t10k-{kind}-ubyte.gz"), magic, headBytes, recordBytes, 10_000),
    ];

    private static byte[] ReadPart(string path, int magic, int headBytes, int recordBytes, int records)
    {
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        var head = new byte[headBytes];
        var bytes = new byte[records * recordBytes];
        if (stream.ReadAtLeast(head, headBytes, throwOnEndOfStream: false) < headBytes
            || BinaryPrimitives.ReadInt32BigEndian(head) != magic
            || BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4)) != records
            || stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw new InvalidDataException($"{path} is not that file of Fashion-MNIST.");
        }

        return bytes;
    }
}
