using System.Buffers.Binary;
using System.Security.Cryptography;
using Hearsay.Learning.State;

namespace Hearsay.Learning.Tests.State;

public sealed class TrainedModelTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [Fact]
    public void A_model_comes_back_as_it_was_saved()
    {
        Saved();
        var loaded = TrainedModel.Load(_path, LinearModel.Logistic(2));
        Assert.Equal([1f, -2f, 0.5f], loaded.Parameters.ToArray());
        Assert.Equal(77, loaded.Age);
        Assert.Equal(1, loaded.Predict([3, 1]));
    }

    [Fact]
    public void Another_kind_or_size_is_named()
    {
        Saved();
        Assert.Contains("pegasos", Assert.Throws<InvalidDataException>(
            () => TrainedModel.Load(_path, LinearModel.Pegasos(2))).Message, StringComparison.Ordinal);
        Assert.Contains("4", Assert.Throws<InvalidDataException>(
            () => TrainedModel.Load(_path, LinearModel.Logistic(3))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_changed_byte_and_every_cut_is_noticed()
    {
        Saved();
        var sound = File.ReadAllBytes(_path);
        for (var i = 0; i < sound.Length; i++)
        {
            byte[] changed = [.. sound];
            changed[i] ^= 1;
            File.WriteAllBytes(_path, changed);
            Assert.Throws<InvalidDataException>(() => TrainedModel.Load(_path, LinearModel.Logistic(2)));
            File.WriteAllBytes(_path, sound[..i]);
            Assert.Throws<InvalidDataException>(() => TrainedModel.Load(_path, LinearModel.Logistic(2)));
        }
    }

    [Fact]
    public void A_file_larger_than_any_model_is_not_read()
    {
        using (var file = File.Create(_path))
        {
            file.SetLength(1L << 30);
        }

        Assert.Throws<InvalidDataException>(() => TrainedModel.Load(_path, LinearModel.Logistic(2)));
    }

    [Fact]
    public void What_never_ends_is_not_read_to_its_end()
    {
        using var endless = new EndlessStream();
        Assert.Throws<InvalidDataException>(() => TrainedModel.Read(endless, "endless"));
        Assert.InRange(endless.BytesRead, 0, TrainedModel.MaximumFileBytes + 100_000);
    }

    [Fact]
    public void A_number_of_parameters_that_is_negative_is_damage_although_the_checksum_is_right()
    {
        // A kind of 4 bytes more than there are, and a parameter less than none.
        foreach (var version in new short[] { 1, 2 })
        {
            byte[] rest = [.. new byte[4 * (version - 1)], .. "logistic"u8];
            File.WriteAllBytes(_path, Sealed(version, kindBytes: 12, count: -1, rest));
            var error = Assert.Throws<InvalidDataException>(() => TrainedModel.Load(_path, LinearModel.Logistic(2)));
            Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_model_of_another_shape_is_named_although_it_has_as_many_parameters()
    {
        new TrainedModel(new SoftmaxModel(57, 2), new float[116], 5).Save(_path);
        Assert.Equal(5, TrainedModel.Load(_path, new SoftmaxModel(57, 2)).Age);
        var error = Assert.Throws<InvalidDataException>(() => TrainedModel.Load(_path, new SoftmaxModel(28, 4)));
        Assert.Contains("another shape: 2 biases, not 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_version_1_is_read_where_its_shape_is_certain_and_refused_with_the_reason_elsewhere()
    {
        byte[] numbers = [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0, 0x3F, 0, 0, 0];
        File.WriteAllBytes(_path, Sealed(1, kindBytes: 8, count: 3, [.. "logistic"u8, .. numbers]));
        Assert.Equal([1f, -2f, 0.5f], TrainedModel.Load(_path, LinearModel.Logistic(2)).Parameters.ToArray());

        File.WriteAllBytes(_path, Sealed(1, kindBytes: 7, count: 4, [.. "softmax"u8, .. numbers, .. new byte[4]]));
        var error = Assert.Throws<InvalidDataException>(() => TrainedModel.Load(_path, new SoftmaxModel(1, 2)));
        Assert.Contains("version 1", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A file with a right checksum.</summary>
    private static byte[] Sealed(short version, ushort kindBytes, int count, byte[] rest)
    {
        var bytes = new byte[20 + rest.Length + 32];
        "HLRN"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(4), version);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), kindBytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), 7);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), count);
        rest.CopyTo(bytes, 20);
        SHA256.HashData(bytes.AsSpan(..^32), bytes.AsSpan(bytes.Length - 32));
        return bytes;
    }

    public void Dispose() => File.Delete(_path);

    private void Saved() => new TrainedModel(LinearModel.Logistic(2), [1, -2, 0.5f], 77).Save(_path);
}
