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

    public void Dispose() => File.Delete(_path);

    private void Saved() => new TrainedModel(LinearModel.Logistic(2), [1, -2, 0.5f], 77).Save(_path);
}
